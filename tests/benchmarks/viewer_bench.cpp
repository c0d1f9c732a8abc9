// The viewer against its floor: the same window with a cached texture of the map and the same panels, and nothing else.
// A window of 1600 x 1000 with the district's blocks, 20 000 street links and 100 000 agents as points; then futures at
// full scale, simulated in the background while frames are drawn. Prints JSON. Needs a display (xvfb-run).
//
//     hutong_viewer_bench SCENARIO [--months N] [--threads N]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include <SFML/Graphics/RenderWindow.hpp>
#include <nlohmann/json.hpp>

#include "scenarios/district_pack.h"
#include "viz/live.h"
#include "viz/renderer.h"

namespace {

using namespace hutong;
using Clock = std::chrono::steady_clock;

constexpr unsigned width = 1600, height = 1000;
constexpr std::size_t street_links = 20'000;
constexpr std::uint64_t agents = 100'000;
constexpr double milli = 1000;

double ms_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count() * milli; }
double seconds_since(Clock::time_point start) { return ms_since(start) / milli; }

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}
double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }
double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double v : values) sum += v;
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

/// A future of the live source with as many street links and agents as the bench prescribes.
class Prescribed : public Dataset {
public:
    Prescribed(const Dataset& run) : run_(run), frame_(run.frame()) {
        // The district's own links, and further ones between neighbouring nodes until the number is full.
        for (std::size_t i = 0; frame_.streets.size() < street_links; ++i) {
            const Point& a = frame_.nodes[i % frame_.nodes.size()];
            const Point& b = frame_.nodes[(i * 7 + 1) % frame_.nodes.size()];
            if (std::abs(a.x_m - b.x_m) + std::abs(a.y_m - b.y_m) < 400 || i > 40 * street_links) frame_.streets.emplace_back(a, b);
        }
        frame_.streets.resize(street_links);
        auto counts = std::make_shared<PlaceCounts>();
        counts->homes.assign(frame_.nodes.size(), 0);
        counts->posts.assign(frame_.nodes.size(), 0);
        const auto known = run.places_in(0);
        std::vector<std::size_t> lived;
        for (std::size_t n = 0; n < frame_.nodes.size(); ++n) {
            if (!known || known->homes[n] > 0) lived.push_back(n);
        }
        for (std::uint64_t k = 0; k < agents; ++k) (k % 2 == 0 ? counts->homes : counts->posts)[lived[k % lived.size()]]++;
        places_ = std::move(counts);
    }
    const DatasetFrame& frame() const override { return frame_; }
    std::string name() const override { return run_.name(); }
    std::size_t rows() const override { return run_.rows(); }
    std::size_t replicates() const override { return run_.replicates(); }
    double value(std::size_t i, Level l, std::size_t r, std::size_t a) const override { return run_.value(i, l, r, a); }
    Band band(std::size_t i, Level l, std::size_t r, std::size_t a) const override { return run_.band(i, l, r, a); }
    const SpaceLog& space_log() const override { return run_.space_log(); }
    std::shared_ptr<const PlaceCounts> places_in(std::size_t) const override { return places_; }
    std::uint64_t version() const override { return run_.version(); }

private:
    const Dataset& run_;
    DatasetFrame frame_;
    std::shared_ptr<const PlaceCounts> places_;
};

class Bench {
public:
    Bench(sf::RenderWindow& window, LiveSource& source) : window_(window), source_(source) {
        state_.scale = 1;
        state_.homes = state_.work_places = true;
        state_.camera.zoom = 1.8;  // streets are drawn from 1.6 on
        state_.camera.fitted = true;
    }

    ViewModel model(const Dataset& run) { return {state_, text_, run, nullptr, source_.live(state_)}; }

    /// Whole frames with the panels built anew and nothing changed; the floor in turn with them, so that both meet the same machine.
    void idle(nlohmann::json& out, const Dataset& run) {
        constexpr int frames = 60;
        std::vector<double> floor, idle, own;
        for (int f = 0; f < 5; ++f) frame(run);
        for (int f = 0; f < frames; ++f) {
            auto start = Clock::now();
            renderer_.draw_again(window_, state_.theme);
            window_.display();
            floor.push_back(ms_since(start));
            start = Clock::now();
            frame(run);
            idle.push_back(ms_since(start));
            own.push_back(renderer_.own_seconds() * milli);
            if (renderer_.map_redrawn()) std::fprintf(stderr, "the map was drawn anew though nothing had changed\n");
        }
        floor_ = median(floor);
        out["floor_ms"] = floor_;
        out["idle_ms"] = median(idle);
        out["idle_over_floor"] = median(idle) / floor_;
        out["own_ms"] = median(own);
        out["own_p95_ms"] = quantile(own, 0.95);
    }

    void redraws(nlohmann::json& out, const Dataset& run) {
        std::vector<double> zoomed_out, zoomed_in;
        for (int f = 0; f < 30; ++f) {
            state_.camera.zoom = f % 2 == 0 ? 1.8 + 0.001 * f : 8 + 0.001 * f;
            const auto start = Clock::now();
            frame(run);
            const double ms = ms_since(start) - floor_;  // what the redraw adds to a frame
            (f % 2 == 0 ? zoomed_out : zoomed_in).push_back(ms);
        }
        state_.camera.zoom = 1.8;
        out["redraw_ms"] = median(zoomed_out);
        out["redraw_p95_ms"] = quantile(zoomed_out, 0.95);
        out["redraw_zoomed_in_ms"] = median(zoomed_in);
    }

    /// Any month's indicators: the values of every indicator at every level, and the picture of that month.
    void any_month(nlohmann::json& out, const Dataset& run) {
        std::vector<double> values, pictures;
        for (std::size_t k = 0; k < 20; ++k) {
            const std::size_t row = (k * 7919) % run.rows();
            auto start = Clock::now();
            double sum = 0;
            for (std::size_t i = 0; i < run.frame().indicators.size(); ++i) {
                for (const Level level : {Level::block, Level::subdistrict, Level::district}) {
                    for (std::size_t a = 0; a < run.areas(level); ++a) {
                        const double v = run.value(i, level, row, a);
                        sum += v == v ? v : 0;
                    }
                }
            }
            values.push_back(ms_since(start) + (sum == -1 ? 1 : 0));
            state_.row = row;
            start = Clock::now();
            frame(run);
            pictures.push_back(ms_since(start));
        }
        out["any_month_values_ms"] = quantile(values, 1);
        out["any_month_frame_ms"] = quantile(pictures, 0.95);
    }

    /// Draws as the window does while a future is simulated, until it is finished; the mouse is where it is. The floor in turn
    /// with the frames, while the simulation still rests, so that both meet the same machine.
    void watch(std::size_t fork, std::vector<double>& frames, std::vector<double>& floor, std::vector<double>& own, std::size_t& redraws,
               double& seconds) {
        const auto begun = Clock::now();
        LivePace pace;
        while (source_.timeline().status(fork).running) {
            constexpr auto rest = std::chrono::milliseconds(2);
            const auto start = Clock::now();
            if (!pace.due(source_, start)) {
                std::this_thread::sleep_for(rest);
                continue;
            }
            source_.refresh();
            state_.row = last_row(source_.run());
            frame(source_.run());
            frames.push_back(ms_since(start));
            const auto again = Clock::now();
            renderer_.draw_again(window_, state_.theme);
            window_.display();
            floor.push_back(ms_since(again));
            pace.drawn(source_, frames.back() / milli);
            own.push_back(renderer_.own_seconds() * milli);
            redraws += renderer_.map_redrawn();
        }
        seconds = seconds_since(begun);
    }

    void frame(const Dataset& run) {
        constexpr float sixtieth = 1.0F / 60;
        renderer_.draw(window_, model(run), sixtieth);
        window_.display();
    }

    ViewState& state() { return state_; }

private:
    sf::RenderWindow& window_;
    LiveSource& source_;
    Renderer renderer_;
    ViewState state_;
    Text text_{Language::english};
    double floor_ = 1;
};

double peak_memory_gb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        constexpr double kb_in_gb = 1024.0 * 1024.0;
        if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / kb_in_gb;
    }
    return 0;
}

/// The seconds from a lever's change at this month to the first month that may differ, on the screen; and to the end.
nlohmann::json lever(Bench& bench, LiveSource& source, std::size_t row, double value) {
    nlohmann::json out;
    ViewState& state = bench.state();
    state.row = row;
    const auto start = Clock::now();
    source.handle(ChangeLever{"policy.control.enforcement", value}, state);
    const std::size_t fork = source.timeline().forks() - 1;
    while (source.timeline().status(fork).rows <= row + 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    source.refresh();
    state.row = row + 1;
    bench.frame(source.run());
    out["row"] = row;
    out["first_month_s"] = seconds_since(start);
    out["months_replayed"] = row % 12;
    source.timeline().wait(fork);
    source.refresh();
    out["whole_s"] = seconds_since(start);
    return out;
}

int bench(const std::filesystem::path& scenario_file, int months, int threads) {
    Scenario scenario = read_scenario(scenario_file, {});
    if (months > 0) scenario.run.months = months;
    const auto district = std::make_shared<const District>(read_district(scenario.run.district));
    sf::RenderWindow window(sf::VideoMode(width, height), "Hutong bench");
    window.setVerticalSyncEnabled(false);
    window.setActive(true);
    nlohmann::json out;
    LiveSource source(district, scenario, scenario_file, ".", Text(Language::english), {.threads = threads, .gives_way = true});
    Bench bench(window, source);
    while (source.timeline().status(0).rows == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    source.refresh();

    std::vector<double> frames, floor, own;
    std::size_t redraws = 0;
    double watched = 0;
    source.live(bench.state());
    bench.watch(0, frames, floor, own, redraws, watched);
    source.refresh();

    const Prescribed prescribed(source.run());
    bench.idle(out["idle"], prescribed);
    bench.redraws(out["idle"], prescribed);
    bench.any_month(out["idle"], prescribed);
    out["simulating"] = {{"frames", frames.size()},
                         {"frame_ms", median(frames)},
                         {"frame_mean_ms", mean(frames)},
                         {"frame_p95_ms", quantile(frames, 0.95)},
                         {"floor_ms", median(floor)},
                         {"frame_over_floor", median(frames) / median(floor)},
                         {"own_ms", median(own)},
                         {"own_p95_ms", quantile(own, 0.95)},
                         {"seconds_after_first_month", watched},
                         {"redraws_a_second", static_cast<double>(redraws) / watched}};
    const std::size_t rows = source.run().rows();
    const std::size_t starts[] = {0, rows / 2, rows - 14};
    double value = 1.5;
    for (const std::size_t row : starts) {
        out["levers"].push_back(lever(bench, source, row, value));
        value += 0.25;
    }
    out["months"] = scenario.run.months;
    out["forks"] = source.timeline().forks();
    out["snapshot_gb"] = static_cast<double>(source.timeline().snapshot_bytes()) / (1 << 30);
    out["peak_gb"] = peak_memory_gb();
    std::printf("%s\n", out.dump(2).c_str());
    return 0;
}

}  // namespace

int main(int arguments, char** argument) {
    std::string file = "scenarios/baseline.toml";
    int months = 0, threads = 0;
    for (int i = 1; i < arguments; ++i) {
        const std::string word = argument[i];
        if (word == "--months" && i + 1 < arguments) {
            months = std::atoi(argument[++i]);
        } else if (word == "--threads" && i + 1 < arguments) {
            threads = std::atoi(argument[++i]);
        } else {
            file = word;
        }
    }
    try {
        return bench(file, months, threads);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
