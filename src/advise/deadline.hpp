/*
 * When a part of the advice has to come to its end.
 */
#pragma once

#include "advise/cost_model.hpp"

namespace pg_advisor
{

class Deadline
{
  public:
    Deadline(double (*now)(), double limit_ms, CostModel &model)
        : now_(now), until_(now == nullptr ? 0 : now() + limit_ms), model_(model)
    {
    }
    /* Lets the user cancel; true once the time is up, and from then on. */
    bool Passed()
    {
        model_.CheckInterrupts();
        passed_ = passed_ || (now_ != nullptr && now_() > until_);
        return passed_;
    }
    bool HasPassed() const { return passed_; }

  private:
    double (*now_)();
    double until_;
    CostModel &model_;
    bool passed_ = false;
};

} // namespace pg_advisor
