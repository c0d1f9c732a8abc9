#include "agents/world.h"

namespace hutong {

std::uint64_t hash(const World& world) {
    Hash h;
    h.number(static_cast<std::uint64_t>(world.month.index)).number(world.seed).number(world.replicate);
    // columns() is shared by readers and writers, hence not const; hashing only reads.
    auto& readable = const_cast<World&>(world);
    readable.tables([&](auto& table) { table.columns([&](auto& column) { h.column(to_read(column)); }); });
    h.column(world.school_refused_permille);
    return h.value();
}

}  // namespace hutong
