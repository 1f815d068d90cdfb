/*
 * Text with values in it: the only file that includes fmt.
 *
 * Used by everything that writes for people. Formats are checked when compiling; a format chosen at run time
 * does not compile. Results are pmr strings and live in the current memory scope.
 */
#pragma once

#include "base/containers.hpp"

/* Not format.h: with it every file that formats into a pmr string compiles all of fmt (5 times as long). */
#include <fmt/core.h>

#include <iterator>

namespace pg_advisor
{

template <class... Args> void AppendFormat(String &out, fmt::format_string<Args...> format, Args &&...args)
{
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

template <class... Args> String Format(fmt::format_string<Args...> format, Args &&...args)
{
    String out;
    AppendFormat(out, format, std::forward<Args>(args)...);
    return out;
}

} // namespace pg_advisor
