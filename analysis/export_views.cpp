#include "analysis/export_views.h"

#include <algorithm>

namespace hutong {
namespace {

struct Subject {
    std::string_view view;
    std::vector<std::string_view> columns, families;  ///< single columns, and all that begin with ...
};

const std::vector<Subject>& subjects() {
    static const std::vector<Subject> all{
        {"monitor_population",
         {"population", "households", "registered_here", "registered_beijing", "floating", "unauthorised_residents", "births", "deaths",
          "moves_in", "moves_out", "moves_within_in", "moves_within_out", "employed_residents", "self_containment"},
         {"age_"}},
        {"monitor_space_use",
         {"vacated_area", "reused_area", "reagglomeration", "tie_area", "premises_vacancy", "use_mix", "green_per_resident",
          "parking_per_car", "months_to_opening"},
         {"space_area_", "opened_area_"}},
        {"monitor_industry",
         {"jobs", "filled_jobs", "businesses", "high_end_share", "high_end_share_function_areas", "business_entries", "business_exits",
          "business_relocations", "business_relocations_out", "workers_displaced", "self_sufficiency", "taxed_revenue_yuan"},
         {"jobs_", "businesses_"}}};
    return all;
}

bool belongs(const Subject& subject, const std::string& column) {
    return std::find(subject.columns.begin(), subject.columns.end(), column) != subject.columns.end() ||
           std::any_of(subject.families.begin(), subject.families.end(), [&](std::string_view start) { return column.starts_with(start); });
}

/// CREATE VIEW over block_month, its scenario and its block of the same district; `more` stands in front.
std::string view_of(const std::string& name, const std::string& more, const std::string& columns, const ViewDialect& dialect) {
    return "CREATE VIEW " + name + " AS SELECT " + dialect.number + more +
           "m.scenario_hash, s.scenario, s.title_zh, s.title_en, m.replicate, m.month, m.block, b.name_zh, b.name_en, b.subdistrict, "
           "b.subdistrict_zh, b.subdistrict_en" +
           columns + " FROM " + dialect.prefix + "block_month m JOIN " + dialect.prefix +
           "scenarios s ON s.scenario_hash = m.scenario_hash JOIN " + dialect.prefix +
           "blocks b ON b.district_hash = s.district_hash AND b.block = m.block";
}

}  // namespace

std::vector<ExportView> subject_views(const ExportTable& block_month, const ViewDialect& dialect) {
    std::vector<ExportView> views;
    for (const Subject& subject : subjects()) {
        std::string columns;
        for (const LayerField& field : block_month.fields) {
            if (belongs(subject, field.name)) columns += ", m.\"" + field.name + "\"";
        }
        const std::string name = dialect.prefix + std::string(subject.view);
        views.push_back({name, view_of(name, "", columns, dialect)});
    }
    return views;
}

ExportView map_view(const ExportTable& block_month, const ViewDialect& dialect) {
    std::string columns;
    for (const LayerField& field : block_month.fields) {
        if (std::find(block_month.key.begin(), block_month.key.end(), field.name) == block_month.key.end())
            columns += ", m.\"" + field.name + "\"";
    }
    const std::string name = dialect.prefix + "block_month_map";
    return {name, view_of(name, "b.geom, ", columns, dialect)};
}

}  // namespace hutong
