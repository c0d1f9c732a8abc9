#include "scenarios/district_import.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "core/csv.h"
#include "core/exact_math.h"
#include "core/layers.h"
#include "core/safe_file.h"
#include "scenarios/district_pack.h"
#include "scenarios/import_shapes.h"
#include "scenarios/import_write.h"
#include "scenarios/pack_words.h"
#include "scenarios/street_graph.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;
using import::area_of;
using import::Box;
using import::centre_of;
using import::Draft;
using import::holds;
using import::Rings;
using import::square_to_edge;

constexpr std::size_t most_nodes = 65'000;  // rows of the engine name a node in 16 bits
constexpr double most_in_a_row = 1e6;       // dwellings, businesses or posts of one feature
constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;
/// OpenStreetMap's streets that nobody walks along.
constexpr std::string_view no_walking[] = {"",         "motorway",     "motorway_link", "construction", "proposed",
                                           "raceway",  "bus_guideway", "abandoned",     "platform",     "escape",
                                           "corridor", "elevator",     "services",      "rest_area",    "busway"};

[[noreturn]] void fail(const std::string& file, Message problem, Message why, Message advice) {
    throw Error(ErrorKind::bad_district, std::move(problem), std::move(why), std::move(advice), Place{file, 0, 0});
}

// ---- layers --------------------------------------------------------------------------------------------------------

/// A layer with its features in local metres and its fields by name.
struct Table {
    Layer layer;
    std::vector<Rings> shapes;

    std::size_t size() const { return shapes.size(); }
    Point place(std::size_t row) const { return shapes[row][0].size() < 3 ? shapes[row][0][0] : centre_of(shapes[row]); }
    bool has(std::string_view field) const { return layer.find_field(field).has_value(); }
    /// The value; empty when there is no such field.
    std::string text(std::size_t row, std::string_view field) const {
        const auto found = layer.find_field(field);
        return found ? layer.features[row].values[*found] : std::string();
    }
    std::string text_or(std::size_t row, std::string_view field, std::string_view otherwise) const {
        const std::string value = text(row, field);
        return value.empty() ? std::string(otherwise) : value;
    }
    double number_or(std::size_t row, std::string_view field, double otherwise) const {
        const auto found = layer.find_field(field);
        if (!found || layer.features[row].values[*found].empty()) return otherwise;
        return layer.number(row, *found);
    }
    bool flag(std::size_t row, std::string_view field) const {
        const std::string value = text(row, field);
        return value == "1" || value == "true" || value == "yes";
    }
    /// One of the words; Error with the nearest else.
    template <class Enum, std::size_t N>
    Enum word(std::size_t row, std::string_view field, const std::array<std::string_view, N>& words, Enum otherwise) const {
        const std::string value = text(row, field);
        if (value.empty()) return otherwise;
        for (std::size_t i = 0; i < N; ++i) {
            if (words[i] == value) return static_cast<Enum>(i);
        }
        const std::string near = nearest_name(value, std::vector<std::string>(words.begin(), words.end()));
        fail(layer.file, msg("feature {0} has the unknown {1} '{2}'", row + 1, field, value), msg("docs/district-pack.md lists the words"),
             near.empty() ? msg("correct the layer") : msg("did you mean '{}'?", near));
    }
};

class Importer {
public:
    explicit Importer(const ImportChoices& choices) : choices_(choices), base_(read_district(choices.base)) {
        draft_.origin_lon = base_.origin_lon, draft_.origin_lat = base_.origin_lat;
        draft_.name_zh = choices.name_zh.empty() ? base_.name_zh : choices.name_zh;
        draft_.name_en = choices.name_en.empty() ? base_.name_en : choices.name_en;
    }

    ImportReport run() {
        subdistricts();
        blocks();
        zones();
        streets();
        places();
        finish();
        import::write(draft_, choices_.base, choices_.controls, choices_.out);
        return std::move(report_);
    }

private:
    void left_out(const std::string& file, std::size_t count, Message what) {
        if (count > 0) report_.remarks.push_back({file, count, true, std::move(what)});
    }
    void repaired(const std::string& file, std::size_t count, Message what) {
        if (count > 0) report_.remarks.push_back({file, count, false, std::move(what)});
    }

    Table read(const ImportLayer& from, LayerShape shape) {
        std::vector<LayerRemark> remarks;
        Table table;
        table.layer = import_layer(from.file, shape, from.layer, remarks, choices_.allow_vrt);
        const std::string file = from.file.string();
        std::map<std::pair<bool, std::string>, std::pair<std::size_t, Message>> kinds;  // by what happened, in order of the words
        for (const LayerRemark& one : remarks) {
            auto& kind = kinds[{one.dropped, fill(one.why.id, one.why.args)}];
            ++kind.first;
            kind.second = one.why;
        }
        for (auto& [kind, counted] : kinds) report_.remarks.push_back({file, counted.first, kind.first, std::move(counted.second)});
        if (table.layer.features.empty())
            fail(file, msg("the layer is empty"), msg("nothing can be taken from it"), msg("give a layer with features"));
        const double per_x = pack_metres_per_degree * exact_cos_degrees(draft_.origin_lat), per_y = pack_metres_per_degree;
        for (const LayerFeature& feature : table.layer.features) {
            Rings rings;
            for (const LayerPart& part : feature.parts) {
                std::vector<Point> ring;
                for (const LayerPoint& p : part.points)
                    ring.push_back({(p.x - draft_.origin_lon) * per_x, (p.y - draft_.origin_lat) * per_y});
                rings.push_back(std::move(ring));
            }
            table.shapes.push_back(std::move(rings));
        }
        return table;
    }

    void need(const Table& table, std::string_view field) const { static_cast<void>(table.layer.field(field)); }

    void need_code(const Table& table, std::size_t row, std::set<std::string>& seen) const {
        const std::string code = table.text(row, "code");
        if (code.empty())
            fail(table.layer.file, msg("feature {} has no code", row + 1), msg("rows are named by their codes"), msg("fill in 'code'"));
        if (!seen.insert(code).second)
            fail(table.layer.file, msg("the code '{}' stands twice", code), msg("rows are named by their codes"),
                 msg("give every feature its own code"));
    }

    void subdistricts() {
        if (!choices_.subdistricts.given()) {
            draft_.subdistricts = base_.subdistricts;
        } else {
            const Table table = read(choices_.subdistricts, LayerShape::polygons);
            need(table, "code");
            std::map<std::string, const Subdistrict*> known;
            for (const Subdistrict& one : base_.subdistricts) known[one.code] = &one;
            std::set<std::string> seen;
            for (std::size_t row = 0; row < table.size(); ++row) {
                need_code(table, row, seen);
                Subdistrict one;
                if (const auto found = known.find(table.text(row, "code")); found != known.end()) one = *found->second;
                one.code = table.text(row, "code");
                one.name_zh = table.text_or(row, "name_zh", one.name_zh.empty() ? one.code : one.name_zh);
                one.name_en = table.text_or(row, "name_en", one.name_en.empty() ? one.code : one.name_en);
                one.rent_yuan_m2_month =
                    table.number_or(row, "rent_yuan_m2_month", one.rent_yuan_m2_month > 0 ? one.rent_yuan_m2_month : mean_rent());
                one.rings = table.shapes[row];
                one.area_m2 = std::floor(area_of(one.rings) + 0.5);
                one.centre = centre_of(one.rings);
                draft_.subdistricts.push_back(std::move(one));
            }
            draft_.source["subdistricts"] = choices_.subdistricts.file.filename().string();
        }
        std::set<std::string> codes, base_codes;
        for (const Subdistrict& one : draft_.subdistricts) codes.insert(one.code);
        for (const Subdistrict& one : base_.subdistricts) base_codes.insert(one.code);
        same_ = codes == base_codes;
        if (same_ && choices_.controls.empty()) return;
        const bool complete =
            !choices_.controls.empty() && choices_.blocks.given() && choices_.streets.given() && choices_.dwellings.given();
        if (!same_ && !complete) {
            fail(choices_.subdistricts.file.string(), msg("the sub-districts are not those of the base pack"),
                 msg("who lives in them, on which blocks, streets and in which homes is then not known"),
                 msg("give --controls, --blocks, --streets and --dwellings too, or the sub-districts of the base"));
        }
    }

    double mean_rent() const {
        double sum = 0;
        for (const Subdistrict& one : base_.subdistricts) sum += one.rent_yuan_m2_month;
        return sum / static_cast<double>(base_.subdistricts.size());
    }

    void blocks() {
        if (!choices_.blocks.given()) {
            draft_.blocks = base_.blocks;
            draft_.schematic_blocks = base_.schematic_blocks;
            // the order of the sub-districts may be another
            std::map<std::string, std::size_t> number;
            for (std::size_t s = 0; s < draft_.subdistricts.size(); ++s) number[draft_.subdistricts[s].code] = s;
            for (Block& block : draft_.blocks)
                block.subdistrict = SubdistrictId(number.at(base_.subdistricts[block.subdistrict.value].code));
        } else {
            const Table table = read(choices_.blocks, LayerShape::polygons);
            need(table, "code");
            std::set<std::string> seen;
            std::size_t outside = 0;
            for (std::size_t row = 0; row < table.size(); ++row) {
                need_code(table, row, seen);
                Block one;
                one.code = table.text(row, "code");
                one.name_zh = table.text_or(row, "name_zh", one.code), one.name_en = table.text_or(row, "name_en", one.code);
                one.rings = table.shapes[row];
                one.area_m2 = area_of(one.rings);
                one.centre = centre_of(one.rings);
                const std::size_t s = subdistrict_at(one.centre);
                if (s == draft_.subdistricts.size()) {
                    ++outside;
                    continue;
                }
                one.subdistrict = SubdistrictId(s);
                one.zone = table.word(row, "zone", zone_words, ZoneType::living);
                one.function_area = table.flag(row, "function_area"), one.conservation_area = table.flag(row, "conservation_area");
                for (std::size_t a = 0; a < base_.named_areas.size() && same_; ++a) {
                    const NamedArea& area = base_.named_areas[a];
                    const double dx = one.centre.x_m - area.centre.x_m, dy = one.centre.y_m - area.centre.y_m;
                    if (dx * dx + dy * dy <= area.radius_m * area.radius_m) one.named_areas |= std::uint64_t{1} << a;
                }
                draft_.blocks.push_back(std::move(one));
            }
            left_out(choices_.blocks.file.string(), outside, msg("their centre lies in no sub-district"));
            if (draft_.blocks.empty())
                fail(choices_.blocks.file.string(), msg("no block lies in a sub-district"), msg("the two layers do not overlap"),
                     msg("check their reference systems"));
            draft_.schematic_blocks = false;
            draft_.source["blocks"] = choices_.blocks.file.filename().string();
        }
        if (same_) draft_.named_areas = base_.named_areas;
        for (const Block& block : draft_.blocks) {
            Box box;
            box.take(block.rings);
            block_box_.push_back(box);
        }
        for (const Subdistrict& one : draft_.subdistricts) whole_.take(one.rings);
        for (const Block& one : draft_.blocks) whole_.take(one.rings);
    }

    std::size_t subdistrict_at(const Point& p) const {
        for (std::size_t s = 0; s < draft_.subdistricts.size(); ++s) {
            if (holds(draft_.subdistricts[s].rings, p)) return s;
        }
        return draft_.subdistricts.size();
    }

    BlockId block_at(const Point& p) const {
        for (std::size_t b = 0; b < draft_.blocks.size(); ++b) {
            if (block_box_[b].holds(p) && holds(draft_.blocks[b].rings, p)) return BlockId(b);
        }
        return BlockId::none();
    }

    /// Where the sub-district is known but its blocks leave the place out: the nearest block of it.
    BlockId nearest_block(const Point& p, SubdistrictId subdistrict) const {
        BlockId best = BlockId::none();
        double least = std::numeric_limits<double>::max();
        for (std::size_t b = 0; b < draft_.blocks.size(); ++b) {
            if (draft_.blocks[b].subdistrict != subdistrict) continue;
            const double away = square_to_edge(draft_.blocks[b].rings, p);
            if (away < least) best = BlockId(b), least = away;
        }
        return best;
    }

    void zones() {
        if (!choices_.zones.given()) return;
        const Table table = read(choices_.zones, LayerShape::polygons);
        std::size_t empty = 0;
        for (std::size_t row = 0; row < table.size(); ++row) {
            std::size_t found = 0;
            for (Block& block : draft_.blocks) {
                if (!holds(table.shapes[row], block.centre)) continue;
                ++found;
                block.zone = table.word(row, "zone", zone_words, block.zone);
                if (table.has("function_area")) block.function_area = table.flag(row, "function_area");
                if (table.has("conservation_area")) block.conservation_area = table.flag(row, "conservation_area");
            }
            empty += found == 0 ? 1 : 0;
        }
        left_out(choices_.zones.file.string(), empty, msg("the zone holds the centre of no block"));
        draft_.source["zones"] = choices_.zones.file.filename().string();
    }

    // ---- streets -----------------------------------------------------------------------------------------------------

    bool near_district(const Point& p) const {
        if (!whole_.holds(p, choices_.ring_m)) return false;
        for (const Subdistrict& one : draft_.subdistricts) {
            if (holds(one.rings, p) || square_to_edge(one.rings, p) <= choices_.ring_m * choices_.ring_m) return true;
        }
        return false;
    }

    void streets() {
        if (!choices_.streets.given()) {
            graph_.emplace(base_.network);
            // blocks may be other ones: a node's is found by its place, and the base's sub-district is kept
            for (std::uint32_t node = 0; node < base_.network.nodes(); ++node)
                graph_->set_block(node, base_block(graph_->nodes()[node], NodeId(std::size_t{node})));
            return;
        }
        const Table table = read(choices_.streets, LayerShape::lines);
        const std::string file = choices_.streets.file.string();
        std::vector<std::vector<Point>> lines;
        std::size_t not_walked = 0, far_off = 0;
        const bool tagged = table.has("highway");
        for (std::size_t row = 0; row < table.size(); ++row) {
            if (tagged) {
                const std::string kind = table.text(row, "highway");
                const bool closed =
                    table.text(row, "foot") == "no" || table.text(row, "other_tags").find("\"foot\"=>\"no\"") != std::string::npos;
                if (closed || std::find(std::begin(no_walking), std::end(no_walking), kind) != std::end(no_walking)) {
                    ++not_walked;
                    continue;
                }
            }
            for (const std::vector<Point>& line : table.shapes[row]) {
                if (std::none_of(line.begin(), line.end(), [&](const Point& p) { return whole_.holds(p, choices_.ring_m); })) {
                    ++far_off;
                    continue;
                }
                lines.push_back(line);
            }
        }
        left_out(file, not_walked, msg("not a street one walks along"));
        left_out(file, far_off, msg("beyond the ring"));
        StreetRepairs repairs;
        graph_.emplace(lines, choices_.snap_m, repairs);
        if (choices_.split_crossings && !graph_->edges().empty()) graph_->split_crossings(repairs);
        if (!graph_->edges().empty()) graph_->join_dead_ends(choices_.join_m, repairs);
        graph_->cut([&](const Point& p) { return !near_district(p); }, repairs);
        graph_->keep_largest_part(repairs);
        if (graph_->edges().empty())
            fail(file, msg("no street lies in the district"), msg("the layers do not overlap"), msg("check their reference systems"));
        repaired(file, repairs.merged, msg("vertices within {} m of another are one", choices_.snap_m));
        left_out(file, repairs.without_length, msg("pieces without length"));
        repaired(file, repairs.crossings, msg("crossings without a common vertex now meet"));
        repaired(file, repairs.joined, msg("dead ends within {} m of a street are joined to it", choices_.join_m));
        left_out(file, repairs.far_off, msg("pieces beyond the ring"));
        left_out(file, repairs.islands, msg("parts without a way to the rest, {} m together", std::floor(repairs.island_m + 0.5)));
        draft_.source["streets"] = choices_.streets.file.filename().string();
        for (std::uint32_t node = 0; node < graph_->nodes().size(); ++node) graph_->set_block(node, block_at(graph_->nodes()[node]));
    }

    // ---- places ------------------------------------------------------------------------------------------------------

    /// The block of a place of the base pack in the new blocks: within its own sub-district, so that homes still are
    /// enough for the households there.
    BlockId base_block(const Point& p, NodeId node) const {
        const BlockId old = base_.network.block(node);
        if (!old.valid()) return BlockId::none();
        if (!choices_.blocks.given()) return old;
        const std::string& code = base_.subdistricts[base_.blocks[old.value].subdistrict.value].code;
        const BlockId at = block_at(p);
        for (std::size_t s = 0; s < draft_.subdistricts.size(); ++s) {
            if (draft_.subdistricts[s].code != code) continue;
            if (at.valid() && draft_.blocks[at.value].subdistrict == SubdistrictId(s)) return at;
            const BlockId near = nearest_block(p, SubdistrictId(s));
            return near.valid() ? near : at;
        }
        return at;
    }

    /// Where a row of the base pack stands on the new streets.
    std::uint32_t moved(NodeId node) {
        if (!choices_.streets.given()) return node.value;
        const auto known = moved_.find(node.value);
        if (known != moved_.end()) return known->second;
        const Point p{base_.network.x_m(node), base_.network.y_m(node)};
        const StreetGraph::Access access = graph_->nearest(p);
        count_access(access.away_m);
        const std::uint32_t to = graph_->stand(access, base_block(p, node), choices_.merge_m);
        moved_.emplace(node.value, to);
        return to;
    }

    void count_access(double away_m) {
        ++accesses_;
        access_sum_m_ += away_m;
        report_.greatest_access_m = std::max(report_.greatest_access_m, away_m);
    }

    /// Stands a place of a layer on its nearest street; nothing when it is too far from any.
    std::optional<std::uint32_t> stand(const Point& p, BlockId block) {
        const StreetGraph::Access access = graph_->nearest(p);
        if (access.away_m > choices_.off_network_m) return std::nullopt;
        count_access(access.away_m);
        return graph_->stand(access, block, choices_.merge_m);
    }

    void places() {
        homes();
        premises();
        facilities();
        ring();
        spaces();
        // people and jobs stand on nodes: a block without one gets one at the street nearest to its centre
        std::vector<std::uint8_t> has(draft_.blocks.size(), 0);
        for (std::uint32_t node = 0; node < graph_->nodes().size(); ++node) {
            if (graph_->block(node).valid() && graph_->taken(node)) has[graph_->block(node).value] = 1;
        }
        std::size_t empty = 0;
        for (std::size_t b = 0; b < has.size(); ++b) {
            if (has[b]) continue;
            graph_->stand(graph_->nearest(draft_.blocks[b].centre), BlockId(b), 0);
            ++empty;
        }
        repaired(choices_.blocks.given() ? choices_.blocks.file.string() : choices_.base.string(), empty,
                 msg("blocks without any place have a node at the street nearest to their centre"));
    }

    void homes() {
        if (!choices_.dwellings.given()) {
            for (const DwellingGroup& one : base_.dwellings) {
                DwellingGroup home = one;
                home.node = NodeId(std::size_t{moved(one.node)});
                if (choices_.spaces.given()) home.space = SpaceId::none();
                draft_.dwellings.push_back(home);
            }
            return;
        }
        const Table table = read(choices_.dwellings, LayerShape::places);
        std::size_t outside = 0, off = 0, none = 0;
        for (std::size_t row = 0; row < table.size(); ++row) {
            const Point p = table.place(row);
            const BlockId block = block_at(p);
            const double count = table.number_or(row, "count", 1);
            if (!block.valid()) {
                ++outside;
                continue;
            }
            if (!(count >= 1)) {
                ++none;
                continue;
            }
            const auto node = stand(p, block);
            if (!node) {
                ++off;
                continue;
            }
            DwellingGroup home;
            home.node = NodeId(std::size_t{*node});
            home.type = table.word(row, "type", dwelling_type_words, DwellingType::apartment);
            home.tenure =
                table.word(row, "tenure", tenure_words, home.type == DwellingType::dormitory ? Tenure::collective : Tenure::owned);
            home.count = static_cast<std::uint32_t>(std::min(count, most_in_a_row));
            home.mean_area_m2 = table.number_or(row, "mean_area_m2", 60);
            home.held_empty_share = table.number_or(row, "held_empty_share", 0);
            draft_.dwellings.push_back(home);
        }
        tell(choices_.dwellings, outside, off);
        left_out(choices_.dwellings.file.string(), none, msg("no dwelling in it"));
        draft_.source["dwellings"] = choices_.dwellings.file.filename().string();
    }

    void tell(const ImportLayer& layer, std::size_t outside, std::size_t off) {
        left_out(layer.file.string(), outside, msg("outside the blocks"));
        left_out(layer.file.string(), off, msg("farther than {} m from every street", choices_.off_network_m));
    }

    void premises() {
        if (choices_.premises.given()) return premises_of_layer();
        if (!same_) return;
        for (const PremisesGroup& one : base_.premises) {
            PremisesGroup here = one;
            here.node = NodeId(std::size_t{moved(one.node)});
            if (choices_.spaces.given()) here.space = SpaceId::none();
            draft_.premises.push_back(here);
        }
    }

    void premises_of_layer() {
        const Table table = read(choices_.premises, LayerShape::places);
        need(table, "use"), need(table, "area_m2");
        std::size_t outside = 0, off = 0;
        std::map<std::string, std::size_t> unknown;
        for (std::size_t row = 0; row < table.size(); ++row) {
            PremisesGroup one;
            const std::string sector = table.text(row, "sector");
            if (!sector.empty()) one.sector = base_.catalogue.sector(sector);
            if (!sector.empty() && !one.sector.valid()) {
                ++unknown[sector];
                continue;
            }
            const Point p = table.place(row);
            const BlockId block = block_at(p);
            if (!block.valid()) {
                ++outside;
                continue;
            }
            const auto node = stand(p, block);
            if (!node) {
                ++off;
                continue;
            }
            one.node = NodeId(std::size_t{*node});
            one.use = table.word(row, "use", premises_use_words, PremisesUse::shop);
            one.count = static_cast<std::uint32_t>(std::clamp(table.number_or(row, "count", 1), 0.0, most_in_a_row));
            one.jobs = static_cast<std::uint32_t>(std::clamp(table.number_or(row, "jobs", 0), 0.0, most_in_a_row));
            one.area_m2 = table.number_or(row, "area_m2", 0);
            one.public_funded = table.flag(row, "public_funded");
            draft_.premises.push_back(one);
        }
        const std::string file = choices_.premises.file.string();
        for (const auto& [code, count] : unknown) left_out(file, count, msg("the unknown sector '{}'", code));
        tell(choices_.premises, outside, off);
        draft_.source["premises"] = choices_.premises.file.filename().string();
    }

    void facilities() {
        if (!choices_.facilities.given()) {
            for (const FacilitySite& one : base_.facilities) {
                if (!same_) break;
                FacilitySite site = one;
                site.node = NodeId(std::size_t{moved(one.node)});
                draft_.facilities.push_back(site);
            }
            return;
        }
        const Table table = read(choices_.facilities, LayerShape::places);
        need(table, "service"), need(table, "capacity");
        std::size_t off = 0, beyond = 0;
        std::map<std::string, std::size_t> unknown;
        for (std::size_t row = 0; row < table.size(); ++row) {
            FacilitySite site;
            site.service = base_.catalogue.service(table.text(row, "service"));
            if (!site.service.valid()) {
                ++unknown[table.text(row, "service")];
                continue;
            }
            const Point p = table.place(row);
            const BlockId block = block_at(p);
            if (!block.valid() && !near_district(p)) {
                ++beyond;
                continue;
            }
            const auto node = stand(p, block);
            if (!node) {
                ++off;
                continue;
            }
            site.node = NodeId(std::size_t{*node});
            site.ring = !block.valid();
            site.capacity = table.number_or(row, "capacity", 0);
            site.off_hours_capacity = table.number_or(row, "off_hours_capacity", 0);
            site.area_m2 = table.number_or(row, "area_m2", 0);
            draft_.facilities.push_back(site);
        }
        const std::string file = choices_.facilities.file.string();
        for (const auto& [code, count] : unknown) left_out(file, count, msg("the unknown service '{}'", code));
        left_out(file, beyond, msg("beyond the ring"));
        tell(choices_.facilities, 0, off);
        draft_.source["facilities"] = choices_.facilities.file.filename().string();
    }

    void ring() {
        if (!same_) return;
        for (const RingDemand& one : base_.ring_demand) {
            RingDemand here = one;
            here.node = NodeId(std::size_t{moved(one.node)});
            draft_.ring_demand.push_back(here);
        }
    }

    void spaces() {
        if (!choices_.spaces.given()) {
            if (!same_) return;
            draft_.spaces = base_.spaces;
            for (Space& one : draft_.spaces) one.node = NodeId(std::size_t{moved(one.node)});
            draft_.with_history = true;
            return;
        }
        const Table table = read(choices_.spaces, LayerShape::places);
        for (const char* field : {"code", "category", "area_m2", "vacated"}) need(table, field);
        std::set<std::string> seen;
        std::size_t outside = 0, off = 0;
        for (std::size_t row = 0; row < table.size(); ++row) {
            need_code(table, row, seen);
            const Point p = table.place(row);
            const BlockId block = block_at(p);
            if (!block.valid()) {
                ++outside;
                continue;
            }
            const auto node = stand(p, block);
            if (!node) {
                ++off;
                continue;
            }
            draft_.spaces.push_back(space_of(table, row, NodeId(std::size_t{*node})));
        }
        tell(choices_.spaces, outside, off);
        draft_.source["spaces"] = choices_.spaces.file.filename().string();
    }

    Space space_of(const Table& table, std::size_t row, NodeId node) const {
        Space one;
        one.code = table.text(row, "code");
        one.name_zh = table.text_or(row, "name_zh", one.code), one.name_en = table.text_or(row, "name_en", one.code);
        one.category = table.word(row, "category", space_category_words, SpaceCategory::industrial);
        one.form = table.word(row, "form", space_form_words, SpaceForm::floor_above);
        one.owner = table.word(row, "owner", owner_words, OwnerType::district);
        one.heritage = table.word(row, "heritage", heritage_words, HeritageGrade::none);
        one.node = node;
        one.area_m2 = table.number_or(row, "area_m2", 0);
        one.street_front = table.flag(row, "street_front"), one.complex_ownership = table.flag(row, "complex_ownership");
        one.legacy = table.flag(row, "legacy");
        const auto vacated = Month::parse(table.text(row, "vacated"));
        if (!vacated)
            fail(table.layer.file, msg("feature {0}: '{1}' is no month", row + 1, table.text(row, "vacated")),
                 msg("'vacated' says when the space empties"), msg("write YYYY-MM"));
        one.vacated = *vacated;
        one.era = table.word(row, "era", era_words, SpaceEra::campaign_2017_2020);
        one.status = table.word(row, "status", status_words, Status::sourced);
        one.source = table.text_or(row, "source", table.layer.file);
        return one;
    }

    // ---- the network of the pack -------------------------------------------------------------------------------------

    void finish() {
        graph_->cut_edges();
        const std::vector<std::uint32_t> number = graph_->simplify();
        const auto renumber = [&](NodeId& node) { node = NodeId(std::size_t{number[node.value]}); };
        for (DwellingGroup& one : draft_.dwellings) renumber(one.node);
        for (PremisesGroup& one : draft_.premises) renumber(one.node);
        for (FacilitySite& one : draft_.facilities) renumber(one.node);
        for (RingDemand& one : draft_.ring_demand) renumber(one.node);
        for (Space& one : draft_.spaces) renumber(one.node);
        if (graph_->nodes().size() > most_nodes) {
            throw Error(ErrorKind::too_large, msg("the walking network has {} nodes", graph_->nodes().size()),
                        msg("at most {} are possible", most_nodes), msg("raise --merge, or give simpler streets"));
        }
        draft_.nodes = graph_->nodes();
        for (std::uint32_t node = 0; node < draft_.nodes.size(); ++node) draft_.node_block.push_back(graph_->block(node));
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> links;  // of parallel ones the shortest
        for (const StreetGraph::Edge& edge : graph_->edges()) {
            const auto dm = static_cast<std::uint32_t>(std::max(1.0, std::floor(edge.length_m * 10 + 0.5)));
            const auto [at, added] = links.emplace(std::minmax(edge.from, edge.to), dm);
            if (!added) at->second = std::min(at->second, dm);
        }
        for (const auto& [ends, dm] : links)
            draft_.links.push_back({NodeId(std::size_t{ends.first}), NodeId(std::size_t{ends.second}), dm});
        draft_.catalogue = &base_.catalogue;
        report_.nodes = draft_.nodes.size(), report_.links = draft_.links.size();
        report_.mean_access_m = accesses_ == 0 ? 0 : access_sum_m_ / static_cast<double>(accesses_);
    }

    const ImportChoices& choices_;
    District base_;
    Draft draft_;
    ImportReport report_;
    bool same_ = true;  ///< the sub-districts are the base's
    std::vector<Box> block_box_;
    Box whole_;
    std::optional<StreetGraph> graph_;
    std::map<std::uint32_t, std::uint32_t> moved_;
    std::size_t accesses_ = 0;
    double access_sum_m_ = 0;
};

}  // namespace

ImportReport import_district(const ImportChoices& choices) {
    std::error_code failed;
    if (fs::exists(choices.out / "district.toml", failed)) {
        throw Error(ErrorKind::cannot_write, msg("'{}' already holds a district pack", choices.out.string()),
                    msg("an import would overwrite it"), msg("choose an empty folder"));
    }
    return Importer(choices).run();
}

}  // namespace hutong
