/// Writing the pack's files.
#include <fmt/format.h>

#include "core/exact_math.h"
#include "core/safe_file.h"
#include "scenarios/district_pack.h"
#include "scenarios/generate_draft.h"
#include "scenarios/pack_words.h"

namespace hutong::generate {
namespace {

std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// Rings of local metres as WGS 84 degrees with 7 decimals (1 cm).
std::string geojson(const Draft& draft, const std::vector<std::pair<std::array<std::string, 3>, const std::vector<Point>*>>& shapes) {
    const double per_degree_y = pack_metres_per_degree, per_degree_x = pack_metres_per_degree * exact_cos_degrees(draft.origin_lat);
    std::string out = "{\"type\":\"FeatureCollection\",\"features\":[\n";
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        const auto& [names, ring] = shapes[i];
        out += fmt::format(
            "{{\"type\":\"Feature\",\"properties\":{{\"code\":{},\"name_zh\":{},\"name_en\":{},\"schematic\":1}},\"geometry\":{{\"type\":"
            "\"Polygon\",\"coordinates\":[[",
            json_text(names[0]), json_text(names[1]), json_text(names[2]));
        for (std::size_t k = 0; k <= ring->size(); ++k) {
            const Point& p = (*ring)[k % ring->size()];
            out += fmt::format("{}[{:.7f},{:.7f}]", k == 0 ? "" : ",", draft.origin_lon + p.x_m / per_degree_x,
                               draft.origin_lat + p.y_m / per_degree_y);
        }
        out += i + 1 < shapes.size() ? "]]}},\n" : "]]}}\n";
    }
    return out + "]}\n";
}

class PackWriter {
public:
    PackWriter(const Draft& draft, std::filesystem::path out) : draft_(draft), out_(std::move(out)) {}

    void write() {
        std::filesystem::create_directories(out_);
        places();
        network();
        stocks();
        spaces();
        figures();
        write_safely(out_ / "district.toml", describe_pack(draft_.origin_lon, draft_.origin_lat));
    }

private:
    void save(const char* name, const CsvWriter& csv) { write_safely(out_ / name, csv.bytes()); }

    void places() {
        CsvWriter subs({"code", "name_zh", "name_en", "area_m2", "rent_yuan_m2_month", "communities", "population_2010", "population_2017",
                        "population_2020", "population_2017_status"});
        std::vector<std::pair<std::array<std::string, 3>, const std::vector<Point>*>> shapes;
        for (const FactSubdistrict& one : draft_.subdistricts) {
            subs.text(one.code)
                .text(one.name_zh)
                .text(one.name_en)
                .number(one.area_m2)
                .number(one.rent)
                .integer(one.communities)
                .number(one.pop_2010)
                .number(one.pop_2017)
                .number(one.pop_2020)
                .text(one.pop_2017_status)
                .end_row();
            shapes.push_back({{one.code, one.name_zh, one.name_en}, &one.ring});
        }
        save("subdistricts.csv", subs);
        write_safely(out_ / "subdistricts.geojson", geojson(draft_, shapes));
        CsvWriter blocks({"number", "code", "name_zh", "name_en", "subdistrict", "zone", "named_areas", "function_area",
                          "conservation_area", "area_m2"});
        shapes.clear();
        for (std::size_t b = 0; b < draft_.blocks.size(); ++b) {
            const Block& one = draft_.blocks[b].block;
            std::string named;
            for (std::size_t z = 0; z < draft_.zones.size(); ++z) {
                if (one.named_areas >> z & 1) named += fmt::format("{}{}", named.empty() ? "" : ";", z + 1);
            }
            blocks.integer(static_cast<std::int64_t>(b + 1))
                .text(one.code)
                .text(one.name_zh)
                .text(one.name_en)
                .text(draft_.subdistricts[one.subdistrict.value].code)
                .text(word(zone_words, one.zone))
                .text(named)
                .flag(one.function_area)
                .flag(one.conservation_area)
                .integer(static_cast<std::int64_t>(one.area_m2 + 0.5))
                .end_row();
            shapes.push_back({{one.code, one.name_zh, one.name_en}, &one.rings[0]});
        }
        save("blocks.csv", blocks);
        write_safely(out_ / "blocks.geojson", geojson(draft_, shapes));
        CsvWriter areas({"number", "name_zh", "name_en", "zone", "coordination", "x_m", "y_m", "radius_m"});
        for (std::size_t z = 0; z < draft_.zones.size(); ++z) {
            const FactZone& one = draft_.zones[z];
            areas.integer(static_cast<std::int64_t>(z + 1))
                .text(one.name_zh)
                .text(one.name_en)
                .text(word(zone_words, one.zone))
                .flag(one.coordination)
                .text(fmt::format("{:.0f}", one.centre.x_m))
                .text(fmt::format("{:.0f}", one.centre.y_m))
                .number(one.radius_m)
                .end_row();
        }
        save("named_areas.csv", areas);
    }

    void network() {
        CsvWriter nodes({"id", "x_dm", "y_dm", "block"}), links({"from", "to", "length_dm"});
        for (std::size_t n = 0; n < draft_.nodes.size(); ++n) {
            const DraftNode& one = draft_.nodes[n];
            nodes.integer(static_cast<std::int64_t>(n))
                .text(fmt::format("{:.0f}", one.x_m * 10))
                .text(fmt::format("{:.0f}", one.y_m * 10))
                .integer(one.block + 1)
                .end_row();
        }
        for (const DraftLink& one : draft_.links) links.integer(one.from).integer(one.to).integer(one.length_dm).end_row();
        save("nodes.csv", nodes);
        save("links.csv", links);
    }

    void stocks() {
        CsvWriter homes({"node", "type", "tenure", "count", "mean_area_m2", "held_empty_share", "space"});
        for (const DraftDwelling& one : draft_.dwellings) {
            homes.integer(one.node)
                .text(word(dwelling_type_words, one.type))
                .text(word(tenure_words, one.tenure))
                .integer(one.count)
                .number(one.mean_area_m2)
                .number(one.held_empty_share)
                .text(one.space)
                .end_row();
        }
        save("dwellings.csv", homes);
        CsvWriter premises({"node", "use", "sector", "count", "jobs", "area_m2", "public_funded", "space"});
        for (const DraftPremises& one : draft_.premises) {
            premises.integer(one.node)
                .text(word(premises_use_words, one.use))
                .text(one.sector)
                .integer(one.count)
                .integer(one.jobs)
                .number(one.area_m2)
                .flag(one.public_funded)
                .text(one.space)
                .end_row();
        }
        save("premises.csv", premises);
        CsvWriter facilities({"service", "node", "capacity", "off_hours_capacity", "area_m2", "ring"});
        for (const DraftFacility& one : draft_.facilities)
            facilities.text(one.service)
                .integer(one.node)
                .number(one.capacity)
                .number(one.off_hours)
                .number(one.area_m2)
                .flag(one.ring)
                .end_row();
        save("facilities.csv", facilities);
        std::vector<std::string> header{"node"};
        header.insert(header.end(), target_group_words.begin(), target_group_words.end());
        CsvWriter ring(header);
        for (const DraftRing& one : draft_.ring) {
            ring.integer(one.node);
            for (const std::uint32_t persons : one.persons) ring.integer(persons);
            ring.end_row();
        }
        save("ring.csv", ring);
    }

    void spaces() {
        CsvWriter spaces({"code", "name_zh", "name_en", "category", "form", "owner", "heritage", "node", "area_m2", "street_front",
                          "complex_ownership", "legacy", "vacated", "planned_use", "planned_start", "era", "status", "source"});
        for (const DraftSpace& one : draft_.spaces) {
            const Space& s = one.space;
            spaces.text(s.code)
                .text(s.name_zh)
                .text(s.name_en)
                .text(word(space_category_words, s.category))
                .text(word(space_form_words, s.form))
                .text(word(owner_words, s.owner))
                .text(word(heritage_words, s.heritage));
            spaces.integer(s.node.value)
                .number(s.area_m2)
                .flag(s.street_front)
                .flag(s.complex_ownership)
                .flag(s.legacy)
                .text(s.vacated.text())
                .text(one.planned_use)
                .text(one.planned_use.empty() ? "" : s.planned_start.text());
            spaces.text(word(era_words, s.era)).text(word(status_words, s.status)).text(s.source).end_row();
        }
        save("spaces.csv", spaces);
        CsvWriter rows({"subject", "era", "category", "measure", "value", "unit", "treatment", "status", "source"});
        for (const Reconciled& one : draft_.reconciled) {
            rows.text(one.subject)
                .text(one.era)
                .text(one.category)
                .text(one.measure)
                .number(one.value)
                .text(one.unit)
                .text(one.treatment)
                .text(word(status_words, one.status))
                .text(one.source)
                .end_row();
        }
        save("reconciliation.csv", rows);
    }

    void figures() {
        CsvWriter figures({"name", "value", "low", "high", "unit", "status", "source"});
        for (const NamedFigure& one : draft_.figures)
            figures.text(one.name)
                .number(one.value)
                .number(one.low)
                .number(one.high)
                .text(one.unit)
                .text(word(status_words, one.status))
                .text(one.source)
                .end_row();
        save("figures.csv", figures);
        std::vector<std::string> header{"table", "category", "persons"};
        for (const FactSubdistrict& one : draft_.subdistricts) header.push_back(one.code);
        header.insert(header.end(), {"independent", "status", "source"});
        CsvWriter controls(header);
        for (const Control& one : draft_.controls) {
            controls.text(one.table).text(one.category).flag(one.persons);
            for (const double total : one.totals) controls.number(total);
            controls.flag(one.independent).text(word(status_words, one.status)).text(one.source).end_row();
        }
        save("controls.csv", controls);
        CsvWriter rates({"type", "sex", "age_low", "age_high", "per_year"});
        for (const VitalRate& one : draft_.vital_rates)
            rates.text(one.type)
                .text(std::string_view(&one.sex, 1))
                .integer(one.age_low)
                .integer(one.age_high)
                .number(one.per_year)
                .end_row();
        save("vital_rates.csv", rates);
    }

    const Draft& draft_;
    std::filesystem::path out_;
};

}  // namespace

void write_pack(const Draft& draft, const std::filesystem::path& out) { PackWriter(draft, out).write(); }

}  // namespace hutong::generate
