/*
 * For variables of the hot path: the library reaches them directly, not through the table that would let
 * another library replace them. (The compiler's -fvisibility says so of what it defines, not of what it
 * only sees declared.)
 */
#pragma once

#define HIDDEN __attribute__((visibility("hidden")))
