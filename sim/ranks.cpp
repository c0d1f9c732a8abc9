#include "sim/ranks.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>

#if HUTONG_MPI
#include <boost/mpi.hpp>
#include <boost/serialization/vector.hpp>
#endif

namespace hutong {

#if HUTONG_MPI

namespace {

namespace mpi = boost::mpi;

constexpr int tag_wish = 1, tag_task = 2;  // a rank asks for a task; rank 0 gives its number, or `none_left`
constexpr std::uint64_t none_left = ~std::uint64_t{0};
constexpr std::chrono::milliseconds poll_gap{2};

/// Open MPI and MPICH tell the processes that they start.
bool started_by_mpirun() { return std::getenv("OMPI_COMM_WORLD_SIZE") || std::getenv("PMI_SIZE"); }

}  // namespace

struct Ranks::Impl {
    Impl() {
        if (!started_by_mpirun()) return;
        environment = std::make_unique<mpi::environment>(mpi::threading::serialized, false);
        world = std::make_unique<mpi::communicator>();
    }
    bool many() const { return world && world->size() > 1; }

    std::unique_ptr<mpi::environment> environment;
    std::unique_ptr<mpi::communicator> world;
    std::mutex door;  ///< one thread at a time speaks MPI
    std::uint64_t count = 0;
    std::atomic<std::uint64_t> given{0};
    int dismissed = 0;  ///< ranks that have been told that nothing is left (rank 0)
    bool told = false;  ///< this rank has been told
};

int Ranks::rank() const { return impl_->world ? impl_->world->rank() : 0; }
int Ranks::size() const { return impl_->world ? impl_->world->size() : 1; }

void Ranks::share(std::vector<std::uint64_t>& numbers) const {
    if (impl_->many()) mpi::broadcast(*impl_->world, numbers, 0);
}

void Ranks::begin(std::size_t count) {
    impl_->count = count;
    impl_->given = 0;
    impl_->dismissed = 0;
    impl_->told = false;
    if (impl_->many()) impl_->world->barrier();
}

std::optional<std::size_t> Ranks::next() {
    if (rank() == 0) {
        serve();
        const std::uint64_t task = impl_->given.fetch_add(1);
        if (task < impl_->count) return static_cast<std::size_t>(task);
        return std::nullopt;
    }
    const std::lock_guard lock(impl_->door);
    if (impl_->told) return std::nullopt;
    impl_->world->send(0, tag_wish, std::uint64_t{0});
    std::uint64_t task = none_left;
    impl_->world->recv(0, tag_task, task);
    if (task != none_left) return static_cast<std::size_t>(task);
    impl_->told = true;
    return std::nullopt;
}

void Ranks::serve() {
    if (!impl_->many() || rank() != 0) return;
    const std::unique_lock lock(impl_->door, std::try_to_lock);
    if (!lock.owns_lock()) return;
    while (const auto waiting = impl_->world->iprobe(mpi::any_source, tag_wish)) {
        std::uint64_t wish = 0, task = impl_->given.fetch_add(1);
        impl_->world->recv(waiting->source(), tag_wish, wish);
        if (task >= impl_->count) {
            task = none_left;
            ++impl_->dismissed;
        }
        impl_->world->send(waiting->source(), tag_task, task);
    }
}

bool Ranks::finish(bool good) {
    if (!impl_->many()) return good;
    if (!good) impl_->given = impl_->count;  // rank 0 was interrupted: nothing more is given out
    while (rank() == 0 && impl_->dismissed + 1 < size()) {
        serve();
        std::this_thread::sleep_for(poll_gap);
    }
    while (rank() != 0 && !impl_->told) next();  // a rank that stopped early takes no more, but must be dismissed
    return mpi::all_reduce(*impl_->world, good, std::logical_and<bool>());
}

void Ranks::abandon(int exit_code) const {
    if (impl_->many()) impl_->environment->abort(exit_code);
    std::_Exit(exit_code);
}

#else

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

#endif

Ranks::Ranks() : impl_(std::make_unique<Impl>()) {}
Ranks::~Ranks() = default;

}  // namespace hutong
