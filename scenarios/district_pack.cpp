#include "scenarios/district_pack.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <toml++/toml.h>

#include "core/csv.h"
#include "core/exact_math.h"
#include "core/hash.h"
#include "core/layers.h"
#include "core/safe_file.h"
#include "scenarios/history.h"
#include "scenarios/pack_trading.h"
#include "scenarios/pack_words.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_nodes = 65000;  // rows of the engine name a node in 16 bits
constexpr std::size_t most_subdistricts = 250, most_blocks = 1000;
constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;
constexpr const char* catalogue_files[] = {"sectors.csv", "services.csv", "uses.csv", "rules.csv"};

/// A table and the columns it must have, looked up once.
class Rows {
public:
    Rows(const fs::path& pack, const char* name, std::initializer_list<const char*> columns, std::vector<Error>& problems)
        : problems_(problems) {
        const std::size_t before = problems.size();
        table_ = read_csv(pack / name, problems);
        for (const char* column : columns) columns_.push_back(table_.column(column, problems));
        // Ragged rows do not hide what else is wrong; a missing column does.
        usable_ = std::none_of(columns_.begin(), columns_.end(), [](std::size_t c) { return c == CsvTable::no_column; }) &&
                  (table_.rows() > 0 || before == problems.size());
    }

    std::size_t size() const { return usable_ ? table_.rows() : 0; }
    std::string_view text(std::size_t row, std::size_t k) const { return table_.text(row, columns_[k]); }
    double number(std::size_t row, std::size_t k) const { return table_.number(row, columns_[k], problems_); }
    std::int64_t integer(std::size_t row, std::size_t k) const { return table_.integer(row, columns_[k], problems_); }
    bool flag(std::size_t row, std::size_t k) const { return table_.flag(row, columns_[k], problems_); }

    /// A number that may not be negative.
    double amount(std::size_t row, std::size_t k) const {
        const double value = number(row, k);
        if (value < 0) problem(row, k, msg("'{}' is negative: {}", table_.header()[columns_[k]], value), msg("write 0 or more"));
        return value;
    }
    /// A number above zero.
    double positive(std::size_t row, std::size_t k) const {
        const double value = number(row, k);
        if (!(value > 0))
            problem(row, k, msg("'{}' must be above 0: {}", table_.header()[columns_[k]], value), msg("write a positive number"));
        return value;
    }
    std::uint32_t count(std::size_t row, std::size_t k) const {
        const std::int64_t value = integer(row, k);
        if (value < 0 || value > 100'000'000) {
            problem(row, k, msg("'{}' is out of range: {}", table_.header()[columns_[k]], value),
                    msg("write a whole number from 0 to 100 000 000"));
            return 0;
        }
        return static_cast<std::uint32_t>(value);
    }
    template <class Enum, std::size_t N>
    Enum one_of(std::size_t row, std::size_t k, const std::array<std::string_view, N>& words) const {
        const std::string_view value = text(row, k);
        for (std::size_t i = 0; i < N; ++i) {
            if (words[i] == value) return static_cast<Enum>(i);
        }
        unknown(row, k, std::vector<std::string>(words.begin(), words.end()));
        return Enum{};
    }
    void unknown(std::size_t row, std::size_t k, const std::vector<std::string>& known) const {
        const std::string near = nearest_name(text(row, k), known);
        problem(row, k, msg("unknown '{}': '{}'", table_.header()[columns_[k]], text(row, k)),
                near.empty() ? msg("see docs/district-pack.md for the words of this column") : msg("did you mean '{}'?", near));
    }
    void problem(std::size_t row, std::size_t k, Message what, Message advice, Message why = {}) const {
        problems_.push_back(
            Error(ErrorKind::bad_district, std::move(what), std::move(why), std::move(advice), table_.place(row, columns_[k])));
    }
    void problem(Message what, Message advice, Message why = {}) const {
        problems_.push_back(Error(ErrorKind::bad_district, std::move(what), std::move(why), std::move(advice), {table_.file(), 0, 0}));
    }
    bool usable() const { return usable_; }

private:
    std::vector<Error>& problems_;
    CsvTable table_;
    std::vector<std::size_t> columns_;
    bool usable_ = false;
};

class PackReader {
public:
    PackReader(fs::path pack, std::vector<Error>& problems) : pack_(std::move(pack)), problems_(problems) {}

    District read() {
        if (!fs::is_directory(pack_)) {
            problems_.push_back(Error(ErrorKind::missing_file, msg("'{}' is no folder", pack_.string()),
                                      msg("a district pack is a folder with district.toml and its tables"),
                                      msg("give the path of a pack, or make one with 'hutong district template'")));
            return {};
        }
        paths();
        head();
        catalogue();
        subdistricts();
        named_areas();
        blocks();
        network();
        spaces();
        if (!district_.spaces.empty() && !district_.catalogue.uses.empty()) read_history(pack_ / "history.toml", district_, &problems_);
        dwellings();
        premises();
        facilities();
        ring();
        figures();
        agencies();
        std::vector<std::string> codes;
        for (const Subdistrict& one : district_.subdistricts) codes.push_back(one.code);
        if (!codes.empty()) district_.marginals = read_marginals(pack_, codes, problems_);
        totals();
        hash();
        return std::move(district_);
    }

private:
    void problem(Message what, Message why, Message advice, Place place = {}) {
        problems_.push_back(Error(ErrorKind::bad_district, std::move(what), std::move(why), std::move(advice), std::move(place)));
    }

    /// Nothing of a pack may lie outside its folder: links are followed and must end inside.
    void paths() {
        std::error_code failed;
        const fs::path root = fs::weakly_canonical(pack_, failed);
        for (const auto& entry : fs::recursive_directory_iterator(pack_, failed)) {
            const fs::path target = fs::weakly_canonical(entry.path(), failed);
            const auto relative = target.lexically_relative(root);
            const std::string name = entry.path().filename().string();
            if (relative.empty() || *relative.begin() == "..") {
                problem(msg("'{}' leads out of the pack", name), msg("a pack must be complete in its folder"),
                        msg("replace the link by the file itself"), {entry.path().string(), 0, 0});
            }
            if (name.find(':') != name.npos)
                problem(msg("file name '{}' has a colon", name), msg("such names can open other sources"), msg("rename the file"),
                        {entry.path().string(), 0, 0});
        }
    }

    void head() {
        const fs::path file = pack_ / "district.toml";
        toml::table table;
        try {
            table = toml::parse(read_file(file, most_bytes), file.string());
        } catch (const toml::parse_error& error) {
            problem(msg("cannot read: {}", error.description()), msg("district.toml is not valid TOML"), msg("correct the line"),
                    {file.string(), static_cast<int>(error.source().begin.line), static_cast<int>(error.source().begin.column)});
            return;
        } catch (const Error& error) {
            problems_.push_back(error);
            return;
        }
        const auto text = [&](const char* key) {
            const auto value = table[key].value<std::string>();
            if (!value || value->empty())
                problem(msg("'{}' is missing", key), msg("the district's name is shown in every output"), msg("add the line"),
                        {file.string(), 0, 0});
            return value.value_or("");
        };
        const auto number = [&](const char* key, double limit) {
            const auto value = table[key].value<double>();
            if (!value || !(std::fabs(*value) <= limit))
                problem(msg("'{}' is missing or out of range", key), msg("it is the origin of the pack's local metres"),
                        msg("write degrees of WGS 84"), {file.string(), 0, 0});
            return value.value_or(0.0);
        };
        district_.name_zh = text("name_zh");
        district_.name_en = text("name_en");
        district_.schematic_blocks = table["schematic_blocks"].value_or(true);
        district_.origin_lon = number("origin_lon", 180);
        district_.origin_lat = number("origin_lat", 85);
        if (const toml::table* tables = table["table"].as_table()) {
            for (const auto& [key, value] : *tables) {
                declared_file(key, value, file);
                if (const toml::table* one = value.as_table()) district_.sources.push_back(source_of(key, *one));
            }
        }
    }

    static TableSource source_of(const toml::key& key, const toml::table& table) {
        const auto text = [&](const char* name) { return table[name].value_or(std::string()); };
        TableSource source{std::string(key.str()), text("what"), text("year"), text("source"), text("licence"), {}, {}};
        std::map<std::string, int> statuses, confidences;
        if (const toml::table* columns = table["columns"].as_table()) {
            for (const auto& [name, value] : *columns) {
                if (const toml::table* column = value.as_table()) {
                    ++statuses[(*column)["status"].value_or(std::string())];
                    ++confidences[(*column)["confidence"].value_or(std::string())];
                }
            }
        }
        const auto written = [](const std::map<std::string, int>& words) {
            std::string all;
            for (const auto& [word, times] : words) all += fmt::format("{}{} {}", all.empty() ? "" : ", ", word, times);
            return all;
        };
        source.statuses = written(statuses);
        source.confidences = written(confidences);
        return source;
    }

    /// A file that district.toml names must be a relative path that ends inside the pack.
    void declared_file(const toml::key& key, const toml::node& node, const fs::path& toml_file) {
        const toml::table* table = node.as_table();
        const auto name = table ? (*table)["file"].value<std::string>() : std::nullopt;
        const Place place{toml_file.string(), static_cast<int>(key.source().begin.line), 0};
        if (!name) {
            problem(msg("the table '{}' names no file", key.str()), {}, msg("add: file = \"{}.csv\"", key.str()), place);
            return;
        }
        const fs::path path(*name);
        const bool escapes = path.is_absolute() || name->find(':') != name->npos || name->find("/vsi") != name->npos ||
                             std::find(path.begin(), path.end(), "..") != path.end();
        std::error_code failed;
        if (escapes) {
            problem(msg("'{}' leads out of the pack", *name), msg("a pack must be complete in its folder"),
                    msg("write a path relative to the pack"), place);
        } else if (!fs::is_regular_file(pack_ / path, failed)) {
            problem(msg("'{}' is not there", *name), msg("district.toml names it"), msg("add the file, or remove the entry"), place);
        }
    }

    void catalogue() {
        try {
            district_.catalogue = read_catalogue(pack_, &problems_);
        } catch (const Error& error) {
            problems_.push_back(error);
        }
    }

    /// The polygons of a layer by code, in local metres.
    std::map<std::string, std::vector<std::vector<Point>>> polygons(const char* name) {
        std::map<std::string, std::vector<std::vector<Point>>> shapes;
        try {
            const Layer layer = read_layer(pack_ / name, LayerShape::polygons);
            const std::size_t code = layer.field("code");
            const double per_x = pack_metres_per_degree * exact_cos_degrees(district_.origin_lat), per_y = pack_metres_per_degree;
            for (const LayerFeature& feature : layer.features) {
                auto& rings = shapes[feature.values[code]];
                for (const LayerPart& part : feature.parts) {
                    std::vector<Point> ring;
                    for (const LayerPoint& p : part.points)
                        ring.push_back({(p.x - district_.origin_lon) * per_x, (p.y - district_.origin_lat) * per_y});
                    rings.push_back(std::move(ring));
                }
            }
        } catch (const Error& error) {
            problems_.push_back(error);
        }
        return shapes;
    }

    /// Centre of gravity of the outer ring.
    static Point centre(const std::vector<std::vector<Point>>& rings) {
        const std::vector<Point>& ring = rings[0];
        double twice = 0, x = 0, y = 0;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const double ax = ring[i].x_m - ring[0].x_m, ay = ring[i].y_m - ring[0].y_m;
            const Point& next = ring[(i + 1) % ring.size()];
            const double bx = next.x_m - ring[0].x_m, by = next.y_m - ring[0].y_m, cross = ax * by - bx * ay;
            twice += cross, x += (ax + bx) * cross, y += (ay + by) * cross;
        }
        if (!(std::fabs(twice) > 0)) return ring[0];
        return {ring[0].x_m + x / (3 * twice), ring[0].y_m + y / (3 * twice)};
    }

    template <class Place>
    void give_shape(Place& one, const Rows& rows, std::size_t row, std::map<std::string, std::vector<std::vector<Point>>>& shapes,
                    const char* layer) {
        const auto found = shapes.find(one.code);
        if (found == shapes.end() || found->second.empty()) {
            if (!shapes.empty())
                rows.problem(row, 0, msg("'{}' has no polygon in {}", one.code, layer), msg("add the polygon, or remove the row"));
            return;
        }
        one.rings = found->second;
        one.centre = centre(one.rings);
    }

    void subdistricts() {
        const Rows rows(pack_, "subdistricts.csv", {"code", "name_zh", "name_en", "area_m2", "rent_yuan_m2_month"}, problems_);
        auto shapes = polygons("subdistricts.geojson");
        for (std::size_t row = 0; row < rows.size(); ++row) {
            Subdistrict one;
            one.code = rows.text(row, 0), one.name_zh = rows.text(row, 1), one.name_en = rows.text(row, 2);
            one.area_m2 = rows.positive(row, 3), one.rent_yuan_m2_month = rows.positive(row, 4);
            if (!subdistrict_.emplace(one.code, SubdistrictId(row)).second)
                rows.problem(row, 0, msg("the code '{}' stands twice", one.code), msg("give every sub-district its own code"));
            give_shape(one, rows, row, shapes, "subdistricts.geojson");
            district_.subdistricts.push_back(std::move(one));
        }
        if (rows.usable() && (rows.size() == 0 || rows.size() > most_subdistricts))
            rows.problem(msg("{} sub-districts", rows.size()), msg("write 1 to {} rows", most_subdistricts));
    }

    void named_areas() {
        const Rows rows(pack_, "named_areas.csv", {"number", "name_zh", "name_en", "zone", "coordination", "x_m", "y_m", "radius_m"},
                        problems_);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            NamedArea one;
            if (rows.integer(row, 0) != static_cast<std::int64_t>(row + 1))
                rows.problem(row, 0, msg("numbers must run from 1 without gaps"), msg("write {}", row + 1));
            one.name_zh = rows.text(row, 1), one.name_en = rows.text(row, 2);
            one.zone = rows.one_of<ZoneType>(row, 3, zone_words);
            one.coordination = rows.flag(row, 4);
            one.centre = {rows.number(row, 5), rows.number(row, 6)};
            one.radius_m = rows.positive(row, 7);
            district_.named_areas.push_back(std::move(one));
        }
        if (rows.size() > 64) rows.problem(msg("{} named areas", rows.size()), msg("write at most 64 rows"));
    }

    void blocks() {
        const Rows rows(
            pack_, "blocks.csv",
            {"code", "number", "name_zh", "name_en", "subdistrict", "zone", "named_areas", "function_area", "conservation_area", "area_m2"},
            problems_);
        auto shapes = polygons("blocks.geojson");
        std::set<std::string> seen;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            Block one;
            one.code = rows.text(row, 0), one.name_zh = rows.text(row, 2), one.name_en = rows.text(row, 3);
            if (rows.integer(row, 1) != static_cast<std::int64_t>(row + 1))
                rows.problem(row, 1, msg("numbers must run from 1 without gaps"), msg("write {}", row + 1));
            if (!seen.insert(one.code).second)
                rows.problem(row, 0, msg("the code '{}' stands twice", one.code), msg("give every block its own code"));
            if (const auto found = subdistrict_.find(std::string(rows.text(row, 4))); found != subdistrict_.end()) {
                one.subdistrict = found->second;
            } else {
                rows.problem(row, 4, msg("unknown sub-district '{}'", rows.text(row, 4)), msg("use a code of subdistricts.csv"));
                one.subdistrict = SubdistrictId(0);
            }
            one.zone = rows.one_of<ZoneType>(row, 5, zone_words);
            one.named_areas = named_bits(rows, row);
            one.function_area = rows.flag(row, 7), one.conservation_area = rows.flag(row, 8), one.area_m2 = rows.positive(row, 9);
            give_shape(one, rows, row, shapes, "blocks.geojson");
            district_.blocks.push_back(std::move(one));
        }
        if (rows.usable() && (rows.size() == 0 || rows.size() > most_blocks))
            rows.problem(msg("{} blocks", rows.size()), msg("write 1 to {} rows", most_blocks));
    }

    std::uint64_t named_bits(const Rows& rows, std::size_t row) {
        std::uint64_t bits = 0;
        std::string_view list = rows.text(row, 6);
        while (!list.empty()) {
            const std::size_t end = std::min(list.find(';'), list.size());
            std::size_t number = 0;
            for (const char c : list.substr(0, end))
                number = c >= '0' && c <= '9' && number < 1000 ? number * 10 + static_cast<std::size_t>(c - '0') : 1000;
            if (number >= 1 && number <= std::min<std::size_t>(district_.named_areas.size(), 64)) {
                bits |= std::uint64_t{1} << (number - 1);
            } else {
                rows.problem(row, 6, msg("unknown named area '{}'", list.substr(0, end)),
                             msg("use numbers of named_areas.csv separated by ';'"));
            }
            list.remove_prefix(std::min(end + 1, list.size()));
        }
        return bits;
    }

    void network() {
        const Rows nodes(pack_, "nodes.csv", {"id", "x_dm", "y_dm", "block"}, problems_);
        std::vector<double> x, y;
        std::vector<BlockId> block;
        if (nodes.size() > most_nodes) {
            problems_.push_back(Error(ErrorKind::too_large, msg("{} nodes", nodes.size()), msg("a node must fit 16 bits"),
                                      msg("use at most {} nodes", most_nodes), {(pack_ / "nodes.csv").string(), 0, 0}));
            return;
        }
        std::vector<std::uint32_t> in_block(district_.blocks.size(), 0);
        for (std::size_t row = 0; row < nodes.size(); ++row) {
            if (nodes.integer(row, 0) != static_cast<std::int64_t>(row))
                nodes.problem(row, 0, msg("ids must run from 0 without gaps"), msg("write {}", row));
            x.push_back(static_cast<double>(nodes.integer(row, 1)) / 10);
            y.push_back(static_cast<double>(nodes.integer(row, 2)) / 10);
            const std::uint32_t number = nodes.count(row, 3);
            if (number > district_.blocks.size())
                nodes.problem(row, 3, msg("there is no block number {}", number), msg("use a number of blocks.csv, or 0 for the ring"));
            const bool inside = number > 0 && number <= district_.blocks.size();
            if (inside) ++in_block[number - 1];
            block.push_back(inside ? BlockId(static_cast<std::size_t>(number - 1)) : BlockId::none());
        }
        for (std::size_t b = 0; b < in_block.size() && nodes.size() > 0; ++b) {
            if (in_block[b] == 0)
                nodes.problem(msg("block {} has no node", district_.blocks[b].code), msg("add a node to the block"),
                              msg("people and jobs stand on nodes"));
        }
        const Rows rows(pack_, "links.csv", {"from", "to", "length_dm"}, problems_);
        std::vector<WalkingLink> links;
        links.reserve(rows.size());
        for (std::size_t row = 0; row < rows.size(); ++row) {
            WalkingLink one{node_at(rows, row, 0, block.size()), node_at(rows, row, 1, block.size()), rows.count(row, 2)};
            if (one.length_dm == 0) rows.problem(row, 2, msg("a link has no length"), msg("write decimetres above 0"));
            if (one.from && one.to) links.push_back(one);
        }
        if (block.empty()) return;
        district_.network = WalkingNetwork(std::move(x), std::move(y), std::move(block), links);
        if (const std::size_t parts = district_.network.components(); parts != 1) {
            rows.problem(msg("the walking network falls into {} parts", parts), msg("add links that join them"),
                         msg("nobody could walk from one part to another"));
        }
    }

    static NodeId node_at(const Rows& rows, std::size_t row, std::size_t k, std::size_t nodes) {
        const std::int64_t value = rows.integer(row, k);
        if (value >= 0 && value < static_cast<std::int64_t>(nodes)) return NodeId(static_cast<std::size_t>(value));
        if (nodes > 0) rows.problem(row, k, msg("there is no node {}", value), msg("use an id of nodes.csv"));
        return NodeId::none();
    }

    /// A node that must lie inside the district (or in the ring).
    NodeId node(const Rows& rows, std::size_t row, std::size_t k, bool ring) {
        const NodeId id = node_at(rows, row, k, district_.network.nodes());
        if (id && ring == district_.network.block(id).valid()) {
            rows.problem(row, k, ring ? msg("node {} lies inside the district", id.value) : msg("node {} lies in the ring", id.value),
                         ring ? msg("use a node with block 0") : msg("use a node of a block"),
                         ring ? msg("this row is about the ring outside") : msg("only facilities and demand may lie in the ring"));
        }
        return id;
    }

    Month month(const Rows& rows, std::size_t row, std::size_t k) {
        const auto value = Month::parse(rows.text(row, k));
        if (!value) rows.problem(row, k, msg("'{}' is no month", rows.text(row, k)), msg("write YYYY-MM"));
        return value.value_or(Month{});
    }

    void spaces() {
        const Rows rows(pack_, "spaces.csv",
                        {"code", "name_zh", "name_en", "category", "form", "owner", "heritage", "node", "area_m2", "street_front",
                         "complex_ownership", "legacy", "vacated", "planned_use", "planned_start", "era", "status", "source"},
                        problems_);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            Space one;
            one.code = rows.text(row, 0), one.name_zh = rows.text(row, 1), one.name_en = rows.text(row, 2);
            one.category = rows.one_of<SpaceCategory>(row, 3, space_category_words);
            one.form = rows.one_of<SpaceForm>(row, 4, space_form_words);
            one.owner = rows.one_of<OwnerType>(row, 5, owner_words);
            one.heritage = rows.one_of<HeritageGrade>(row, 6, heritage_words);
            one.node = node(rows, row, 7, false);
            one.area_m2 = rows.positive(row, 8);
            one.street_front = rows.flag(row, 9), one.complex_ownership = rows.flag(row, 10), one.legacy = rows.flag(row, 11);
            one.vacated = month(rows, row, 12);
            if (const std::string_view use = rows.text(row, 13); !use.empty()) {
                one.planned_use = district_.catalogue.use(use);
                if (!one.planned_use && !district_.catalogue.uses.empty())
                    rows.problem(row, 13, msg("unknown use '{}'", use), msg("use a code of uses.csv"));
                one.planned_start = month(rows, row, 14);
                if (one.planned_start < one.vacated)
                    rows.problem(row, 14, msg("the planned use starts before the space is vacated"), msg("write a later month"));
            }
            one.era = rows.one_of<SpaceEra>(row, 15, era_words);
            one.status = rows.one_of<Status>(row, 16, status_words);
            one.source = rows.text(row, 17);
            if (!space_.emplace(one.code, SpaceId(row)).second)
                rows.problem(row, 0, msg("the code '{}' stands twice", one.code), msg("give every space its own code"));
            district_.spaces.push_back(std::move(one));
        }
    }

    SpaceId space(const Rows& rows, std::size_t row, std::size_t k) {
        const std::string_view code = rows.text(row, k);
        if (code.empty()) return SpaceId::none();
        const auto found = space_.find(code);
        if (found != space_.end()) return found->second;
        rows.problem(row, k, msg("unknown space '{}'", code), msg("use a code of spaces.csv, or leave the cell empty"));
        return SpaceId::none();
    }

    void dwellings() {
        const Rows rows(pack_, "dwellings.csv", {"node", "type", "tenure", "count", "mean_area_m2", "held_empty_share", "space"},
                        problems_);
        district_.dwellings.reserve(rows.size());
        for (std::size_t row = 0; row < rows.size(); ++row) {
            DwellingGroup one;
            one.node = node(rows, row, 0, false);
            one.type = rows.one_of<DwellingType>(row, 1, dwelling_type_words);
            one.tenure = rows.one_of<Tenure>(row, 2, tenure_words);
            one.count = rows.count(row, 3);
            one.mean_area_m2 = rows.positive(row, 4);
            one.held_empty_share = rows.number(row, 5);
            if (one.held_empty_share < 0 || one.held_empty_share >= 1)
                rows.problem(row, 5, msg("the share held empty is out of range: {}", one.held_empty_share), msg("write 0 to below 1"));
            one.space = space(rows, row, 6);
            if ((one.type == DwellingType::dormitory) != (one.tenure == Tenure::collective))
                rows.problem(row, 2, msg("beds of dormitories, and only they, have the tenure 'collective'"),
                             msg("correct type or tenure"));
            district_.dwellings.push_back(one);
        }
    }

    void premises() {
        const Rows rows(pack_, "premises.csv", {"node", "use", "sector", "count", "jobs", "area_m2", "public_funded", "space"}, problems_);
        district_.premises.reserve(rows.size());
        for (std::size_t row = 0; row < rows.size(); ++row) {
            PremisesGroup one;
            one.node = node(rows, row, 0, false);
            one.use = rows.one_of<PremisesUse>(row, 1, premises_use_words);
            if (const std::string_view sector = rows.text(row, 2); !sector.empty()) {
                one.sector = district_.catalogue.sector(sector);
                if (!one.sector && !district_.catalogue.sectors.empty())
                    rows.problem(row, 2, msg("unknown sector '{}'", sector),
                                 msg("use a code of sectors.csv, or leave the cell empty for vacant premises"));
            }
            one.count = rows.count(row, 3), one.jobs = rows.count(row, 4), one.area_m2 = rows.amount(row, 5);
            one.public_funded = rows.flag(row, 6), one.space = space(rows, row, 7);
            if (rows.text(row, 2).empty() && one.jobs > 0)
                rows.problem(row, 4, msg("vacant premises with jobs"), msg("name the sector, or write 0 jobs"));
            if (one.count == 0) rows.problem(row, 3, msg("a group of no premises"), msg("remove the row"));
            district_.premises.push_back(one);
        }
    }

    void facilities() {
        const Rows rows(pack_, "facilities.csv", {"service", "node", "capacity", "off_hours_capacity", "area_m2", "ring"}, problems_);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            FacilitySite one;
            one.service = district_.catalogue.service(rows.text(row, 0));
            if (!one.service && !district_.catalogue.services.empty())
                rows.problem(row, 0, msg("unknown service '{}'", rows.text(row, 0)), msg("use a code of services.csv"));
            one.ring = rows.flag(row, 5);
            one.node = node(rows, row, 1, one.ring);
            one.capacity = rows.amount(row, 2), one.off_hours_capacity = rows.amount(row, 3), one.area_m2 = rows.amount(row, 4);
            district_.facilities.push_back(one);
        }
    }

    void ring() {
        const Rows rows(pack_, "ring.csv",
                        {"node", "everyone", "children_3_5", "children_6_11", "children_12_14", "elders_65", "car_households", "workers"},
                        problems_);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            RingDemand one;
            one.node = node(rows, row, 0, true);
            for (std::size_t g = 0; g < static_cast<std::size_t>(target_groups); ++g) one.persons[g] = rows.count(row, 1 + g);
            district_.ring_demand.push_back(one);
        }
    }

    void figures() {
        const Rows rows(pack_, "figures.csv", {"name", "value", "low", "high", "unit", "status", "source"}, problems_);
        std::set<std::string> seen;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            NamedFigure one;
            one.name = rows.text(row, 0), one.value = rows.number(row, 1), one.low = rows.number(row, 2), one.high = rows.number(row, 3);
            one.unit = rows.text(row, 4), one.status = rows.one_of<Status>(row, 5, status_words), one.source = rows.text(row, 6);
            if (!(one.low <= one.value && one.value <= one.high))
                rows.problem(row, 1, msg("'{}' lies outside its range: {} not in {} to {}", one.name, one.value, one.low, one.high),
                             msg("correct value or range"));
            if (!seen.insert(one.name).second)
                rows.problem(row, 0, msg("the figure '{}' stands twice", one.name), msg("remove one of the rows"));
            district_.figures.push_back(std::move(one));
        }
    }

    /// Official names of the bodies; a pack without the table keeps the names of the guideline.
    void agencies() {
        std::error_code failed;
        if (!fs::exists(pack_ / "agencies.csv", failed)) return;
        const Rows rows(pack_, "agencies.csv", {"body", "name_zh", "name_en", "valid_from", "status", "source"}, problems_);
        const std::vector<std::string> known(std::begin(body_words), std::end(body_words));
        std::set<std::pair<std::size_t, std::int16_t>> seen;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            const auto found = std::find(known.begin(), known.end(), rows.text(row, 0));
            const auto from = Month::parse(rows.text(row, 3));
            if (found == known.end()) {
                rows.unknown(row, 0, known);
            } else if (!from) {
                rows.problem(row, 3, msg("'{}' is no month", rows.text(row, 3)), msg("write it as YYYY-MM"));
            } else {
                const auto body = static_cast<std::size_t>(found - known.begin());
                if (!seen.insert({body, from->index}).second)
                    rows.problem(row, 3, msg("'{}' has two names from {} on", rows.text(row, 0), from->text()),
                                 msg("remove one of the rows"));
                if (rows.text(row, 1).empty() || rows.text(row, 2).empty())
                    rows.problem(row, 1, msg("'{}' has no name", rows.text(row, 0)), msg("write it in both languages"));
                district_.body_names.push_back({body, std::string(rows.text(row, 1)), std::string(rows.text(row, 2)), *from});
            }
            rows.one_of<Status>(row, 4, status_words);
        }
    }

    /// What must fit across tables: homes for the households, beds for the collective population, in every sub-district.
    void totals() {
        if (!problems_.empty() || district_.marginals.population.empty()) return;  // sums of broken rows would mislead
        std::vector<double> homes(district_.subdistricts.size(), 0), beds = homes, households = homes;
        for (const DwellingGroup& one : district_.dwellings) {
            auto& sums = one.type == DwellingType::dormitory ? beds : homes;
            sums[district_.subdistrict_of(district_.block_of(one.node)).value] += one.count * (1 - one.held_empty_share);
        }
        for (const Control& one : district_.marginals.controls) {
            if (one.table != "household_size") continue;
            for (std::size_t s = 0; s < households.size(); ++s) households[s] += one.totals[s];
        }
        const Place place{(pack_ / "dwellings.csv").string(), 0, 0};
        for (std::size_t s = 0; s < homes.size(); ++s) {
            const std::string& code = district_.subdistricts[s].code;
            if (homes[s] < households[s]) {
                problem(msg("{} has {} homes to live in for {} households", code, std::floor(homes[s]), households[s]),
                        msg("every household needs a home at the start"), msg("correct dwellings.csv or controls.csv"), place);
            }
            if (beds[s] < district_.marginals.collective[s]) {
                problem(msg("{} has {} beds for {} people in collective quarters", code, beds[s], district_.marginals.collective[s]),
                        msg("every resident needs a place at the start"), msg("correct dwellings.csv or controls.csv"), place);
            }
        }
    }

    void hash() {
        Hash hash;
        for (const char* name : pack_files()) {
            std::error_code failed;
            if (!fs::is_regular_file(pack_ / name, failed)) continue;
            try {
                hash.text(name).text(read_file(pack_ / name, most_bytes));
            } catch (const Error& error) {
                problems_.push_back(error);
            }
        }
        district_.hash = hash.value();
    }

    static std::vector<const char*> pack_files() {
        std::vector<const char*> all = {
            "district.toml", "subdistricts.csv", "subdistricts.geojson", "named_areas.csv", "blocks.csv",   "blocks.geojson",
            "nodes.csv",     "links.csv",        "spaces.csv",           "dwellings.csv",   "premises.csv", "facilities.csv",
            "ring.csv",      "figures.csv",      "controls.csv",         "vital_rates.csv", "history.toml", "agencies.csv"};
        all.insert(all.end(), std::begin(catalogue_files), std::end(catalogue_files));
        return all;
    }

    fs::path pack_;
    std::vector<Error>& problems_;
    District district_;
    std::map<std::string, SubdistrictId> subdistrict_;
    std::map<std::string, SpaceId, std::less<>> space_;
};

/// A pack of its own, or one that stands on another (which must be one of its own).
District read_pack(const fs::path& pack, std::vector<Error>& problems) {
    const fs::path below = pack_below(pack);
    if (below.empty()) return PackReader(pack, problems).read();
    District district = PackReader(below, problems).read();
    if (problems.empty()) let_spaces_trade(pack, district, problems);
    return district;
}

}  // namespace

District read_district(const fs::path& pack) {
    std::vector<Error> problems;
    District district = read_pack(pack, problems);
    if (problems.empty()) return district;
    const Error& first = problems[0];
    if (problems.size() == 1) throw first;
    throw Error(first.kind(), first.problem(), first.why(),
                msg("the pack has {} problems: run 'hutong district check {}' to see all of them", problems.size(), pack.string()),
                first.place());
}

std::vector<Error> check_district(const fs::path& pack) {
    std::vector<Error> problems;
    read_pack(pack, problems);
    return problems;
}

}  // namespace hutong
