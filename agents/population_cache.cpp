#include "agents/population_cache.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <type_traits>

#include "core/safe_file.h"

namespace hutong {
namespace {

/// Raised whenever the same inputs would give another population, that is, whenever the golden of synthesis_test changes.
constexpr std::uint64_t generator_version = 3;
constexpr char mark[] = "HUTPOP01";
constexpr std::size_t mark_size = 8, files_kept = 6;
constexpr std::uint64_t most_rows = std::uint64_t{1} << 31;

struct Header {
    char mark[mark_size];
    std::uint64_t key;
    std::uint64_t columns;
};
struct ColumnHeader {
    std::uint64_t rows;
    std::uint64_t bytes_each;
};

template <class F>
void population_columns(World& world, F&& f) {
    const auto table = [&](auto& t) { t.columns(f); };
    table(world.people);
    table(world.households);
    table(world.dwellings);
    table(world.in_commuters);
    table(world.businesses);
    table(world.jobs);
    table(world.premises);
}

std::uint64_t count_columns(World& world) {
    std::uint64_t count = 0;
    population_columns(world, [&](auto&) { ++count; });
    return count;
}

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

bool read_exactly(std::FILE* file, void* data, std::size_t size) { return size == 0 || std::fread(data, 1, size, file) == size; }

bool read_all(std::FILE* file, std::uint64_t left, std::uint64_t key, World& world) {
    Header header;
    if (!read_exactly(file, &header, sizeof header) || std::memcmp(header.mark, mark, mark_size) != 0) return false;
    if (header.key != key || header.columns != count_columns(world)) return false;
    left -= sizeof header;
    Hash check;
    check.number(key);
    bool good = true;
    population_columns(world, [&](auto& column) {
        using Value = typename std::remove_reference_t<decltype(column)>::value_type;
        ColumnHeader shape;
        if (!good || left < sizeof shape || !read_exactly(file, &shape, sizeof shape)) {
            good = false;
            return;
        }
        left -= sizeof shape;
        // Sizes are believed only as far as the file is long.
        if (shape.bytes_each != sizeof(Value) || shape.rows > most_rows || shape.rows * sizeof(Value) > left) {
            good = false;
            return;
        }
        auto& values = to_change(column);
        values.resize(shape.rows);
        left -= shape.rows * sizeof(Value);
        good = read_exactly(file, values.data(), shape.rows * sizeof(Value));
        if (good) check.column(values);
    });
    std::uint64_t sum = 0;
    return good && left == sizeof sum && read_exactly(file, &sum, sizeof sum) && sum == check.value();
}

void remove_oldest(const std::filesystem::path& folder, const std::filesystem::path& keep) {
    std::error_code ignore;
    std::vector<std::pair<std::filesystem::file_time_type, std::filesystem::path>> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignore)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("population-") || !name.ends_with(".bin") || entry.path() == keep) continue;
        const auto written = entry.last_write_time(ignore);
        if (!ignore) files.emplace_back(written, entry.path());
    }
    std::sort(files.begin(), files.end());
    for (std::size_t i = 0; i + files_kept <= files.size(); ++i) std::filesystem::remove(files[i].second, ignore);
}

}  // namespace

std::uint64_t population_key(const Model& model) {
    Hash hash;
    hash.number(generator_version).number(model.district.hash).number(static_cast<std::uint64_t>(model.scenario.run.start.index));
    hash.bytes(&model.scenario.run.scale, sizeof model.scenario.run.scale);
    for (const ParameterRow& row : list_parameters(model.assumptions().synthesis)) {
        hash.text(row.path);
        if (const auto* number = std::get_if<double>(&row.value)) hash.bytes(number, sizeof *number);
        if (const auto* whole = std::get_if<std::int64_t>(&row.value)) hash.number(static_cast<std::uint64_t>(*whole));
    }
    return hash.value();
}

std::optional<std::filesystem::path> cache_folder() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    if (cache && std::filesystem::path(cache).is_absolute()) return std::filesystem::path(cache) / "hutong";
    const char* home = std::getenv("HOME");
    if (home && std::filesystem::path(home).is_absolute()) return std::filesystem::path(home) / ".cache" / "hutong";
    return std::nullopt;
}

std::filesystem::path population_file(const std::filesystem::path& folder, std::uint64_t key) {
    return folder / ("population-" + hex(key) + ".bin");
}

bool load_population(const std::filesystem::path& file, std::uint64_t key, World& world) {
    std::error_code failure;
    const std::uint64_t size = std::filesystem::file_size(file, failure);
    if (failure || size < sizeof(Header)) return false;
    const std::unique_ptr<std::FILE, Closer> in(std::fopen(file.c_str(), "rb"));
    if (in && read_all(in.get(), size, key, world)) return true;
    population_columns(world, [](auto& column) { column = std::remove_reference_t<decltype(column)>(); });
    return false;
}

void save_population(const std::filesystem::path& file, std::uint64_t key, World& world) {
    std::error_code failure;
    std::filesystem::create_directories(file.parent_path(), failure);
    Header header;
    std::memcpy(header.mark, mark, mark_size);
    header.key = key;
    header.columns = count_columns(world);
    std::vector<ColumnHeader> shapes(header.columns);
    const auto view = [](const void* data, std::size_t bytes) { return std::string_view(static_cast<const char*>(data), bytes); };
    std::vector<std::string_view> pieces{view(&header, sizeof header)};
    Hash check;
    check.number(key);
    std::size_t at = 0;
    population_columns(world, [&](auto& column) {
        shapes[at] = {column.size(), sizeof(column[0])};
        pieces.push_back(view(&shapes[at], sizeof shapes[at]));
        pieces.push_back(view(column.data(), column.size() * sizeof(column[0])));
        check.column(to_read(column));
        ++at;
    });
    const std::uint64_t sum = check.value();
    pieces.push_back(view(&sum, sizeof sum));
    write_safely(file, pieces);
    remove_oldest(file.parent_path(), file);
}

}  // namespace hutong
