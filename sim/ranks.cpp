#include "sim/ranks.h"

#include <atomic>
#include <cstdlib>

namespace hutong {

struct Ranks::Impl {
    std::uint64_t count = 0;
    std::atomic<std::uint64_t> given{0};
};

int Ranks::rank() const { return 0; }
int Ranks::size() const { return 1; }
void Ranks::share(std::vector<std::uint64_t>&) const {}
void Ranks::begin(std::size_t count) {
    impl_->count = count;
    impl_->given = 0;
}
std::optional<std::size_t> Ranks::next() {
    const std::uint64_t task = impl_->given.fetch_add(1);
    if (task < impl_->count) return static_cast<std::size_t>(task);
    return std::nullopt;
}
void Ranks::serve() {}
bool Ranks::finish(bool good) { return good; }
void Ranks::abandon(int exit_code) const { std::_Exit(exit_code); }

Ranks::Ranks() : impl_(std::make_unique<Impl>()) {}
Ranks::~Ranks() = default;

}  // namespace hutong
