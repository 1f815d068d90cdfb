/*
 * The container aliases that every pure file uses.
 *
 * They are the std::pmr ones: inside the server boundary/memory.hpp makes a memory context the default
 * resource for the duration of one SQL call, so whatever the analysis allocates is visible in
 * pg_backend_memory_contexts and goes away with the call. In unit tests the default is new/delete.
 * Rule: no container of these types outlives the MemoryScope it was made in; none is static.
 */
#pragma once

#include <cstdint>
#include <map>
#include <memory_resource>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pg_advisor
{

using String = std::pmr::string;

template <class T> using Vector = std::pmr::vector<T>;
template <class K, class V> using Map = std::pmr::map<K, V>;
template <class K> using Set = std::pmr::set<K>;
template <class K, class V, class H = std::hash<K>> using HashMap = std::pmr::unordered_map<K, V, H>;
template <class K, class H = std::hash<K>> using HashSet = std::pmr::unordered_set<K, H>;

} // namespace pg_advisor
