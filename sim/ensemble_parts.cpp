#include "sim/ensemble_parts.h"

#include <algorithm>
#include <charconv>

#include "sim/spaces_columns.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark = "HUTPRT01";
constexpr std::string_view name_start = "part-", name_end = ".bin";
constexpr std::size_t head_columns = 5;  // key, number, hash, rows, lowest level
constexpr std::size_t series_rest = 5;   // population and the four columns of causes
constexpr std::size_t project_columns = 8;

/// Of which runs a part is, its number and hash, and how many rows it has.
struct Head {
    std::uint64_t key = 0, number = 0, state_hash = 0, rows = 0, lowest = 0;
};

Head read_head(ArchiveReader& file) {
    Head head;
    for (std::uint64_t* field : {&head.key, &head.number, &head.state_hash, &head.rows, &head.lowest}) *field = file.number();
    return head;
}

}  // namespace

fs::path parts_folder(const fs::path& out) { return out.string() + ".parts"; }

fs::path part_file(const fs::path& folder, std::size_t index) { return folder / fmt::format("{}{:07}{}", name_start, index, name_end); }

void write_part(const fs::path& folder, std::size_t index, std::uint64_t key, Level lowest, Replicate replicate) {
    ArchiveWriter file(mark);
    for (const std::uint64_t field : {key, std::uint64_t{replicate.number}, replicate.state_hash,
                                      static_cast<std::uint64_t>(replicate.series.rows()), static_cast<std::uint64_t>(lowest)}) {
        file.number(field);
    }
    replicate.series.columns(lowest, [&](const auto& column) { file.column(column); });
    visit_spaces(replicate.spaces, [&](const auto& column) { file.column(column); });
    file.write(part_file(folder, index));
}

bool part_is_good(const fs::path& folder, std::size_t index, std::uint64_t key) {
    const fs::path path = part_file(folder, index);
    std::error_code none;
    if (!fs::is_regular_file(path, none)) return false;
    try {
        ArchiveReader file(path, mark);
        return read_head(file).key == key;
    } catch (const Error&) {
        return false;  // damaged, or of another version: it is made again
    }
}

std::vector<std::size_t> parts_in(const fs::path& folder) {
    std::vector<std::size_t> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(name_start) || !name.ends_with(name_end)) continue;
        const std::string_view digits = std::string_view(name).substr(name_start.size(), name.size() - name_start.size() - name_end.size());
        std::size_t index = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (error == std::errc{} && end == digits.data() + digits.size()) found.push_back(index);
    }
    std::sort(found.begin(), found.end());
    return found;
}

Parts::Parts(const fs::path& folder, std::size_t first, std::size_t count, std::uint64_t key, const IndicatorSet& indicators, Level lowest)
    : indicators_(&indicators), lowest_(lowest), first_column_(head_columns) {
    for (std::size_t i = first; i < first + count; ++i) {
        const fs::path path = part_file(folder, i);
        ArchiveReader file(path, mark);
        const Head head = read_head(file);
        if (parts_.empty()) rows_ = head.rows;
        if (head.key != key || head.rows != rows_ || head.lowest != static_cast<std::uint64_t>(lowest)) {
            throw Error(ErrorKind::bad_results, msg("'{}' is not used", path.string()), msg("it is a part of other runs"),
                        msg("remove the folder, or choose another --out"));
        }
        parts_.push_back({std::move(file), static_cast<std::uint32_t>(head.number), head.state_hash});
        for (std::size_t one = 0; one < indicators.size(); ++one) {
            const Indicator& info = indicators.all()[one];
            for (auto level = static_cast<std::size_t>(lowest); level < levels; ++level) {
                const std::size_t wanted = static_cast<Level>(level) < info.lowest ? 0 : rows_ * areas(static_cast<Level>(level));
                const std::size_t size = info.money ? money(parts_.size() - 1, one, static_cast<Level>(level)).size()
                                                    : reals(parts_.size() - 1, one, static_cast<Level>(level)).size();
                if (size != wanted) parts_.back().file.damaged();
            }
        }
    }
}

std::size_t Parts::areas(Level level) const {
    const TallyLayout& layout = indicators_->layout();
    return level == Level::block ? layout.blocks : level == Level::subdistrict ? layout.subdistricts : 1;
}

std::size_t Parts::column_of(std::size_t indicator, Level level) const {
    const std::size_t kept = levels - static_cast<std::size_t>(lowest_);
    return first_column_ + 2 * (indicator * kept + static_cast<std::size_t>(level) - static_cast<std::size_t>(lowest_));
}

std::span<const float> Parts::reals(std::size_t replicate, std::size_t indicator, Level level) const {
    if (level < lowest_) return {};
    return parts_[replicate].file.at<float>(column_of(indicator, level));
}

std::span<const std::int64_t> Parts::money(std::size_t replicate, std::size_t indicator, Level level) const {
    if (level < lowest_) return {};
    return parts_[replicate].file.at<std::int64_t>(column_of(indicator, level) + 1);
}

std::vector<CauseRow> Parts::causes(std::size_t replicate) const {
    const ArchiveReader& file = parts_[replicate].file;
    const std::size_t at = column_of(indicators_->size(), lowest_) + 1;
    const auto month = file.at<std::uint16_t>(at), block = file.at<std::uint16_t>(at + 1);
    const auto cause = file.at<std::uint8_t>(at + 2);
    const auto change = file.at<std::int32_t>(at + 3);
    if (block.size() != month.size() || cause.size() != month.size() || change.size() != month.size()) file.damaged();
    std::vector<CauseRow> rows;
    for (std::size_t i = 0; i < month.size(); ++i) rows.push_back({month[i], block[i], static_cast<Cause>(cause[i]), change[i]});
    return rows;
}

std::vector<ProjectRow> Parts::projects(std::size_t replicate) const {
    const ArchiveReader& file = parts_[replicate].file;
    std::size_t at = column_of(indicators_->size(), lowest_) + series_rest;
    ProjectColumns columns;
    columns.columns([&]<class T>(std::vector<T>& column) {
        const auto values = file.at<T>(at++);
        column.assign(values.begin(), values.end());
    });
    return columns.rows();
}

SpacesState Parts::spaces(std::size_t replicate) const {
    const ArchiveReader& file = parts_[replicate].file;
    std::size_t at = column_of(indicators_->size(), lowest_) + series_rest + project_columns;
    SpacesState state;
    visit_spaces(state, [&]<class T>(std::vector<T>& column) {
        const auto values = file.at<T>(at++);
        column.assign(values.begin(), values.end());
    });
    return state;
}

std::vector<double> Parts::values(std::size_t replicate, std::size_t indicator, Level level) const {
    if (indicators_->all()[indicator].money) {
        const auto found = money(replicate, indicator, level);
        return {found.begin(), found.end()};
    }
    const auto found = reals(replicate, indicator, level);
    return {found.begin(), found.end()};
}

}  // namespace hutong
