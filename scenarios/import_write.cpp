#include "scenarios/import_write.h"

#include <cmath>

#include <fmt/format.h>

#include "core/csv.h"
#include "core/exact_math.h"
#include "core/safe_file.h"
#include "scenarios/district_pack.h"
#include "scenarios/pack_tables.h"
#include "scenarios/pack_words.h"

namespace hutong::import {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;

/// A text between quotes in JSON or TOML: quotes, backslashes and control characters written out.
std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

class Writer {
public:
    Writer(const Draft& draft, fs::path out) : draft_(draft), out_(std::move(out)) {}

    void places() {
        CsvWriter subs({"code", "name_zh", "name_en", "area_m2", "rent_yuan_m2_month"});
        for (const Subdistrict& one : draft_.subdistricts)
            subs.text(one.code).text(one.name_zh).text(one.name_en).number(one.area_m2).number(one.rent_yuan_m2_month).end_row();
        save("subdistricts.csv", subs);
        layer("subdistricts.geojson", draft_.subdistricts);
        CsvWriter areas({"number", "name_zh", "name_en", "zone", "coordination", "x_m", "y_m", "radius_m"});
        for (std::size_t i = 0; i < draft_.named_areas.size(); ++i) {
            const NamedArea& one = draft_.named_areas[i];
            areas.integer(static_cast<std::int64_t>(i + 1)).text(one.name_zh).text(one.name_en).text(word(zone_words, one.zone));
            areas.flag(one.coordination).number(one.centre.x_m).number(one.centre.y_m).number(one.radius_m).end_row();
        }
        save("named_areas.csv", areas);
        CsvWriter blocks({"number", "code", "name_zh", "name_en", "subdistrict", "zone", "named_areas", "function_area",
                          "conservation_area", "area_m2"});
        for (std::size_t b = 0; b < draft_.blocks.size(); ++b) {
            const Block& one = draft_.blocks[b];
            std::string named;
            for (std::size_t a = 0; a < draft_.named_areas.size(); ++a) {
                if (one.named_areas >> a & 1) named += fmt::format("{}{}", named.empty() ? "" : ";", a + 1);
            }
            blocks.integer(static_cast<std::int64_t>(b + 1)).text(one.code).text(one.name_zh).text(one.name_en);
            blocks.text(draft_.subdistricts[one.subdistrict.value].code).text(word(zone_words, one.zone)).text(named);
            blocks.flag(one.function_area).flag(one.conservation_area).number(std::floor(one.area_m2 + 0.5)).end_row();
        }
        save("blocks.csv", blocks);
        layer("blocks.geojson", draft_.blocks);
    }

    void network() {
        CsvWriter nodes({"id", "x_dm", "y_dm", "block"}), links({"from", "to", "length_dm"});
        for (std::size_t n = 0; n < draft_.nodes.size(); ++n) {
            const BlockId block = draft_.node_block[n];
            nodes.integer(static_cast<std::int64_t>(n)).integer(decimetres(draft_.nodes[n].x_m)).integer(decimetres(draft_.nodes[n].y_m));
            nodes.integer(block.valid() ? std::int64_t{block.value} + 1 : 0).end_row();
        }
        for (const WalkingLink& one : draft_.links) links.integer(one.from.value).integer(one.to.value).integer(one.length_dm).end_row();
        save("nodes.csv", nodes);
        save("links.csv", links);
    }

    void stocks() {
        const auto space = [&](SpaceId id) { return id.valid() ? draft_.spaces[id.value].code : std::string(); };
        CsvWriter homes({"node", "type", "tenure", "count", "mean_area_m2", "held_empty_share", "space"});
        for (const DwellingGroup& one : draft_.dwellings) {
            homes.integer(one.node.value).text(word(dwelling_type_words, one.type)).text(word(tenure_words, one.tenure));
            homes.integer(one.count).number(one.mean_area_m2).number(one.held_empty_share).text(space(one.space)).end_row();
        }
        save("dwellings.csv", homes);
        CsvWriter premises({"node", "use", "sector", "count", "jobs", "area_m2", "public_funded", "space"});
        for (const PremisesGroup& one : draft_.premises) {
            premises.integer(one.node.value).text(word(premises_use_words, one.use));
            premises.text(one.sector.valid() ? draft_.catalogue->sectors[one.sector.value].code : "").integer(one.count).integer(one.jobs);
            premises.number(one.area_m2).flag(one.public_funded).text(space(one.space)).end_row();
        }
        save("premises.csv", premises);
        CsvWriter facilities({"service", "node", "capacity", "off_hours_capacity", "area_m2", "ring"});
        for (const FacilitySite& one : draft_.facilities) {
            facilities.text(draft_.catalogue->services[one.service.value].code).integer(one.node.value).number(one.capacity);
            facilities.number(one.off_hours_capacity).number(one.area_m2).flag(one.ring).end_row();
        }
        save("facilities.csv", facilities);
        std::vector<std::string> header{"node"};
        header.insert(header.end(), target_group_words.begin(), target_group_words.end());
        CsvWriter ring(header);
        for (const RingDemand& one : draft_.ring_demand) {
            ring.integer(one.node.value);
            for (const std::uint32_t persons : one.persons) ring.integer(persons);
            ring.end_row();
        }
        save("ring.csv", ring);
    }

    void spaces() {
        CsvWriter spaces({"code", "name_zh", "name_en", "category", "form", "owner", "heritage", "node", "area_m2", "street_front",
                          "complex_ownership", "legacy", "vacated", "planned_use", "planned_start", "era", "status", "source"});
        for (const Space& one : draft_.spaces) {
            spaces.text(one.code).text(one.name_zh).text(one.name_en).text(word(space_category_words, one.category));
            spaces.text(word(space_form_words, one.form)).text(word(owner_words, one.owner)).text(word(heritage_words, one.heritage));
            spaces.integer(one.node.value).number(one.area_m2).flag(one.street_front).flag(one.complex_ownership).flag(one.legacy);
            spaces.text(one.vacated.text());
            spaces.text(one.planned_use.valid() ? draft_.catalogue->uses[one.planned_use.value].code : "");
            spaces.text(one.planned_use.valid() ? one.planned_start.text() : "");
            spaces.text(word(era_words, one.era)).text(word(status_words, one.status)).text(one.source).end_row();
        }
        save("spaces.csv", spaces);
    }

    void description(const fs::path& base) {
        std::string out = fmt::format(
            "# Made by `hutong district import`; what no layer gave is the base pack's ({}).\nname_zh = {}\nname_en = {}\n"
            "schematic_blocks = {}\norigin_lon = {}  # WGS 84, degrees; x_m runs east, y_m north (equirectangular)\norigin_lat = {}\n",
            in_quotes(base.filename().string()), in_quotes(draft_.name_zh), in_quotes(draft_.name_en), draft_.schematic_blocks,
            draft_.origin_lon, draft_.origin_lat);
        for (const PackTable& table : pack_tables()) {
            const std::string name(table.file.substr(0, table.file.find('.')));
            std::error_code failed;
            if (name == "agencies" && !fs::is_regular_file(base / table.file, failed)) continue;  // a pack may do without
            const auto from = draft_.source.find(name == "nodes" || name == "links" ? "streets" : name);
            out += fmt::format("\n[table.{}]\nfile = \"{}\"\nwhat = \"{}\"\nsource = {}\n", name, table.file, table.what,
                               in_quotes(from == draft_.source.end() ? "the base pack: " + std::string(table.source) : from->second));
        }
        write_safely(out_ / "district.toml", out);
    }

private:
    void save(const char* name, const CsvWriter& csv) { write_safely(out_ / name, csv.bytes()); }
    static std::int64_t decimetres(double metres) { return static_cast<std::int64_t>(std::floor(metres * 10 + 0.5)); }

    template <class Place>
    void layer(const char* name, const std::vector<Place>& all) {
        const double per_y = pack_metres_per_degree, per_x = pack_metres_per_degree * exact_cos_degrees(draft_.origin_lat);
        std::string out = "{\"type\":\"FeatureCollection\",\"features\":[\n";
        for (std::size_t i = 0; i < all.size(); ++i) {
            out += fmt::format(
                "{{\"type\":\"Feature\",\"properties\":{{\"code\":{},\"name_zh\":{},\"name_en\":{}}},\"geometry\":{{\"type\":"
                "\"MultiPolygon\",\"coordinates\":[",
                in_quotes(all[i].code), in_quotes(all[i].name_zh), in_quotes(all[i].name_en));
            bool first = true;
            for (const std::vector<Point>& ring : all[i].rings) {
                double twice = 0;  // holes run clockwise and follow their outer ring
                for (std::size_t k = 0; k < ring.size(); ++k) {
                    const Point &a = ring[k], &b = ring[(k + 1) % ring.size()];
                    twice += (a.x_m - ring[0].x_m) * (b.y_m - ring[0].y_m) - (b.x_m - ring[0].x_m) * (a.y_m - ring[0].y_m);
                }
                out += twice < 0 && !first ? "," : first ? "[" : "],[";
                first = false;
                out += "[";
                for (std::size_t k = 0; k <= ring.size(); ++k) {
                    const Point& p = ring[k % ring.size()];
                    out += fmt::format("{}[{:.7f},{:.7f}]", k == 0 ? "" : ",", draft_.origin_lon + p.x_m / per_x,
                                       draft_.origin_lat + p.y_m / per_y);
                }
                out += "]";
            }
            out += i + 1 < all.size() ? "]]}},\n" : "]]}}\n";
        }
        write_safely(out_ / name, out + "]}\n");
    }

    const Draft& draft_;
    fs::path out_;
};

}  // namespace

void write(const Draft& draft, const fs::path& base, const fs::path& controls, const fs::path& out) {
    std::error_code failed;
    fs::create_directories(out, failed);
    if (failed) {
        throw Error(ErrorKind::cannot_write, msg("cannot make the folder '{}'", out.string()), msg("{}", failed.message()),
                    msg("choose another folder"));
    }
    Writer writer(draft, out);
    writer.places();
    writer.network();
    writer.stocks();
    writer.spaces();
    for (const char* name : {"figures.csv", "vital_rates.csv", "sectors.csv", "services.csv", "uses.csv", "rules.csv"})
        write_safely(out / name, read_file(base / name, most_bytes));
    if (fs::is_regular_file(base / "agencies.csv", failed))
        write_safely(out / "agencies.csv", read_file(base / "agencies.csv", most_bytes));
    write_safely(out / "controls.csv", read_file(controls.empty() ? base / "controls.csv" : controls, most_bytes));
    if (draft.with_history && fs::is_regular_file(base / "history.toml", failed))
        write_safely(out / "history.toml", read_file(base / "history.toml", most_bytes));
    writer.description(base);  // last: a folder without it is no pack
}

}  // namespace hutong::import
