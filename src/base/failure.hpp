/*
 * An error for the user, thrown anywhere in C++ and raised as ereport(ERROR) by boundary/guard.hpp.
 *
 * sqlstate is the five characters of a PostgreSQL error code ("22023" is invalid_parameter_value);
 * detail and hint may be empty.
 */
#pragma once

#include "base/containers.hpp"

#include <exception>

namespace pg_advisor
{

class Failure : public std::exception
{
  public:
    Failure(std::string_view sqlstate, std::string_view message, std::string_view detail = {},
            std::string_view hint = {})
        : sqlstate_(sqlstate), message_(message), detail_(detail), hint_(hint)
    {
    }

    const char *what() const noexcept override { return message_.c_str(); }
    const std::string &Sqlstate() const { return sqlstate_; }
    const std::string &Detail() const { return detail_; }
    const std::string &Hint() const { return hint_; }

  private:
    /* std::string on purpose: it must survive the memory scope it is thrown through */
    std::string sqlstate_, message_, detail_, hint_;
};

} // namespace pg_advisor
