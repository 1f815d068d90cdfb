/*
 * Taking what is missed least, again and again, where everything is missed more once others have gone.
 *
 * So what was found earlier is an estimate from below, and mostly only the least one has to be looked at again.
 */
#pragma once

#include "base/containers.hpp"

#include <optional>
#include <utility>

namespace pg_advisor
{

/* Entries are values with a total order; the least one is the one to go. */
template <class Entry> class LeastFirst
{
  public:
    void Add(Entry entry) { entries_.insert(std::move(entry)); }

    /* Removes and returns the least one as it is now; `look` tells what has become of an entry. Nothing if there is none.
     * `look` was last called for the one that is returned. */
    template <class Look> std::optional<Entry> Take(Look look)
    {
        while (!entries_.empty())
        {
            Entry now = look(*entries_.begin());
            entries_.erase(entries_.begin());
            if (entries_.empty() || !(*entries_.begin() < now))
                return now;
            entries_.insert(std::move(now));
        }
        return std::nullopt;
    }

  private:
    Set<Entry> entries_;
};

} // namespace pg_advisor
