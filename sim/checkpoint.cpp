#include "sim/checkpoint.h"

#include <algorithm>

#include "sim/archive.h"
#include "sim/spaces_columns.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark = "HUTCKP01", name_start = "month-", name_end = ".bin";
constexpr std::size_t kept = 2;

/// Calls f on every column of the World that is part of its state; those of small tables may be temporaries.
template <class F>
void world_columns(World& world, F&& f) {
    world.tables([&](auto& table) {
        table.columns(f);
        if constexpr (requires { table.free_rows; }) f(table.free_rows);
    });
    f(world.school_refused_permille);
    visit_spaces(world.spaces, f);  // with the event log
}

template <class F>
void count_numbers(RunCounts& counts, F&& f) {
    for (std::int64_t* one : {&counts.person_months, &counts.agent_months, &counts.moves, &counts.matches, &counts.choice_evaluations})
        f(*one);
}

/// Newest first.
std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(name_start) && name.ends_with(name_end)) files.push_back(entry.path());
    }
    std::sort(files.rbegin(), files.rend());  // the names have the months with leading zeros
    return files;
}

Restored read(const fs::path& path, std::uint64_t key, const IndicatorSet& indicators) {
    ArchiveReader file(path, mark);
    if (file.number() != key) {
        throw Error(ErrorKind::bad_results, msg("'{}' is not used", path.string()),
                    msg("it is a checkpoint of another run, district or version"), msg("run the scenario again"));
    }
    Restored out{.world = {}, .progress = {.series = Series(indicators, Month{}, 0), .counts = {}}, .months = 0};
    const std::uint64_t rows = file.number();
    out.world.month.index = static_cast<std::int16_t>(file.number());
    out.world.seed = file.number();
    out.world.replicate = static_cast<std::uint32_t>(file.number());
    count_numbers(out.progress.counts, [&](std::int64_t& number) { number = static_cast<std::int64_t>(file.number()); });
    out.world.flows.blocks = static_cast<std::uint32_t>(file.number());
    out.months = static_cast<int>(rows) - 1;
    out.progress.series = Series(indicators, out.world.month - out.months, out.months);
    const auto take = [&](auto& column) { file.next(to_change(column)); };
    world_columns(out.world, take);
    out.progress.series.columns(Level::block, take);
    if (rows < 1 || !file.at_end() || !out.progress.series.restored(rows)) file.damaged();
    return out;
}

}  // namespace

fs::path checkpoint_folder(const fs::path& out) { return out.string() + ".checkpoints"; }

void write_checkpoint(const fs::path& folder, std::uint64_t key, World& world, Series& series, const RunCounts& counts) {
    std::error_code ignore;
    fs::create_directories(folder, ignore);
    ArchiveWriter file(mark);
    file.number(key);
    file.number(series.rows());
    file.number(static_cast<std::uint64_t>(world.month.index));
    file.number(world.seed);
    file.number(world.replicate);
    RunCounts sums = counts;
    count_numbers(sums, [&](std::int64_t number) { file.number(static_cast<std::uint64_t>(number)); });
    file.number(world.flows.blocks);
    world.tables([&](auto& table) {
        table.columns([&](const auto& column) { file.lasting_column(to_read(column)); });
        if constexpr (requires { table.free_rows; }) file.lasting_column(table.free_rows);
    });
    file.lasting_column(world.school_refused_permille);
    visit_spaces(world.spaces, [&](const auto& column) { file.column(column); });
    series.columns(Level::block, [&](const auto& column) { file.column(column); });
    file.write(folder / fmt::format("{}{:05}{}", name_start, series.rows() - 1, name_end));
    const auto files = files_in(folder);
    for (std::size_t i = kept; i < files.size(); ++i) fs::remove(files[i], ignore);
}

std::optional<Restored> read_checkpoint(const fs::path& folder, std::uint64_t key, const IndicatorSet& indicators,
                                        const std::function<void(const Error&)>& notice) {
    const auto files = files_in(folder);
    for (const fs::path& path : files) {
        try {
            return read(path, key, indicators);
        } catch (const Error& error) {
            if (notice) notice(error);
        }
    }
    if (files.empty()) return std::nullopt;
    throw Error(ErrorKind::bad_results, msg("no checkpoint in '{}' can be used", folder.string()), {}, msg("run the scenario again"));
}

void remove_checkpoints(const fs::path& folder) {
    std::error_code ignore;
    for (const fs::path& path : files_in(folder)) fs::remove(path, ignore);
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(folder, ignore)) {
        if (entry.path().extension() == ".part") left.push_back(entry.path());  // what a killed process left half-written
    }
    for (const fs::path& path : left) fs::remove(path, ignore);
    fs::remove(folder, ignore);
}

}  // namespace hutong
