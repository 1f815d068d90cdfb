/*
 * C++ containers in memory contexts.
 *
 * MemoryScope makes a context of its own the default pmr resource for as long as it lives, and deletes it
 * at the end. It never switches CurrentMemoryContext, so that a PgError thrown out of it survives it.
 */
#pragma once

#include "boundary/guard.hpp"

namespace pg_advisor
{

class ContextResource : public std::pmr::memory_resource
{
  public:
    explicit ContextResource(MemoryContext context) : context_(context) {}
    MemoryContext Context() const { return context_; }

  private:
    void *do_allocate(std::size_t bytes, std::size_t alignment) override
    {
        if (alignment > MAXIMUM_ALIGNOF)
            throw std::bad_alloc(); /* palloc aligns to 8; nothing here asks for more */
        void *memory = MemoryContextAllocExtended(context_, bytes ? bytes : 1,
                                                  MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE);
        if (memory == nullptr)
            throw std::bad_alloc();
        return memory;
    }
    void do_deallocate(void *memory, std::size_t, std::size_t) override { pfree(memory); }
    bool do_is_equal(const memory_resource &other) const noexcept override { return this == &other; }

    MemoryContext context_;
};

class MemoryScope
{
  public:
    explicit MemoryScope(const char *purpose)
        : resource_(CallPg([] {
              return AllocSetContextCreateInternal(CurrentMemoryContext, "pg_advisor", ALLOCSET_DEFAULT_SIZES);
          })),
          previous_(std::pmr::set_default_resource(&resource_))
    {
        MemoryContextSetIdentifier(resource_.Context(), purpose);
    }
    ~MemoryScope()
    {
        std::pmr::set_default_resource(previous_);
        MemoryContextDelete(resource_.Context());
    }
    MemoryScope(const MemoryScope &) = delete;
    MemoryScope &operator=(const MemoryScope &) = delete;

    MemoryContext Context() const { return resource_.Context(); }

  private:
    ContextResource resource_;
    std::pmr::memory_resource *previous_;
};

/* Makes `context` current for a block of C++ that calls PostgreSQL functions which palloc. */
class ContextSwitch
{
  public:
    explicit ContextSwitch(MemoryContext context) : previous_(MemoryContextSwitchTo(context)) {}
    ~ContextSwitch() { MemoryContextSwitchTo(previous_); }
    ContextSwitch(const ContextSwitch &) = delete;
    ContextSwitch &operator=(const ContextSwitch &) = delete;

  private:
    MemoryContext previous_;
};

} // namespace pg_advisor
