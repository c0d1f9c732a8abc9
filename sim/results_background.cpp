#include "sim/results_background.h"

namespace hutong {
namespace {

template <class Value, class Rows, class Field>
std::vector<Value> column_of(const Rows& rows, Field&& field) {
    std::vector<Value> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(static_cast<Value>(field(row)));
    return values;
}

void write_places(Hdf5Writer& file, const District& district) {
    file.attribute("/meta", "origin_lon", district.origin_lon);
    file.attribute("/meta", "origin_lat", district.origin_lat);
    file.attribute("/meta", "metres", "x east and y north of the origin (WGS 84 degrees), equirectangular");
    const WalkingNetwork& network = district.network;
    file.data("/spaces/x_m", column_of<double>(district.spaces, [&](const Space& s) { return network.x_m(s.node); }));
    file.data("/spaces/y_m", column_of<double>(district.spaces, [&](const Space& s) { return network.y_m(s.node); }));
    file.texts("/spaces/source", column_of<std::string>(district.spaces, [](const Space& s) { return s.source; }));
}

void write_uses(Hdf5Writer& file, const Catalogue& catalogue) {
    file.data("/uses/direction", column_of<std::uint8_t>(catalogue.uses, [](const Use& u) { return u.direction; }));
    file.attribute("/uses/direction", "values", "service green convenience high_end other (G4)");
    file.texts("/uses/other_clause", column_of<std::string>(catalogue.uses, [](const Use& u) { return u.other_clause; }));
    const auto& services = catalogue.services;
    file.texts("/services/code", column_of<std::string>(services, [](const Service& s) { return s.code; }));
    file.data("/services/group", column_of<std::uint8_t>(services, [](const Service& s) { return s.group; }));
    file.attribute("/services/group", "values",
                   "everyone children_3_5 children_6_11 children_12_14 elders_65 car_households workers (target group)");
    file.data("/services/distance_m", column_of<double>(services, [](const Service& s) { return s.distance_m; }));
    file.data("/services/undercounted", column_of<std::uint8_t>(services, [](const Service& s) { return s.undercounted; }));
}

void write_sources(Hdf5Writer& file, const District& district) {
    const auto& sources = district.sources;
    file.texts("/sources/table", column_of<std::string>(sources, [](const TableSource& s) { return s.table; }));
    file.texts("/sources/what", column_of<std::string>(sources, [](const TableSource& s) { return s.what; }));
    file.texts("/sources/year", column_of<std::string>(sources, [](const TableSource& s) { return s.year; }));
    file.texts("/sources/source", column_of<std::string>(sources, [](const TableSource& s) { return s.source; }));
    file.texts("/sources/licence", column_of<std::string>(sources, [](const TableSource& s) { return s.licence; }));
    file.texts("/sources/status", column_of<std::string>(sources, [](const TableSource& s) { return s.statuses; }));
    file.texts("/sources/confidence", column_of<std::string>(sources, [](const TableSource& s) { return s.confidences; }));
    file.attribute("/sources", "definition",
                   "tables of the district pack; status and confidence as 'word number', the number of columns of that word");
}

void write_figures(Hdf5Writer& file, const District& district) {
    const auto& figures = district.figures;
    file.texts("/figures/name", column_of<std::string>(figures, [](const NamedFigure& f) { return f.name; }));
    file.data("/figures/value", column_of<double>(figures, [](const NamedFigure& f) { return f.value; }));
    file.data("/figures/low", column_of<double>(figures, [](const NamedFigure& f) { return f.low; }));
    file.data("/figures/high", column_of<double>(figures, [](const NamedFigure& f) { return f.high; }));
    file.texts("/figures/unit", column_of<std::string>(figures, [](const NamedFigure& f) { return f.unit; }));
    file.texts("/figures/status", column_of<std::string>(figures, [](const NamedFigure& f) { return std::string(status_name(f.status)); }));
    file.texts("/figures/source", column_of<std::string>(figures, [](const NamedFigure& f) { return f.source; }));
    file.attribute("/figures", "definition", "totals and shares of the district pack with their range; what reports hold results against");
}

void write_projects(Hdf5Writer& file, const ReplicateSource& replicates) {
    struct Row {
        std::uint16_t replicate;
        ProjectRow project;
    };
    std::vector<Row> rows;
    for (std::size_t r = 0; r < replicates.count(); ++r) {
        for (const ProjectRow& one : replicates.projects(r)) rows.push_back({static_cast<std::uint16_t>(r), one});
    }
    file.data("/projects/replicate", column_of<std::uint16_t>(rows, [](const Row& r) { return r.replicate; }));
    file.data("/projects/month", column_of<std::uint16_t>(rows, [](const Row& r) { return r.project.month; }));
    file.data("/projects/block", column_of<std::uint16_t>(rows, [](const Row& r) { return r.project.block; }));
    file.data("/projects/space", column_of<std::int32_t>(rows, [](const Row& r) {
                  return r.project.space == no_row ? -1 : static_cast<std::int32_t>(r.project.space);
              }));
    file.data("/projects/heritage", column_of<std::uint8_t>(rows, [](const Row& r) { return r.project.heritage; }));
    file.data("/projects/posts", column_of<std::int32_t>(rows, [](const Row& r) { return r.project.posts; }));
    file.data("/projects/filled", column_of<std::int32_t>(rows, [](const Row& r) { return r.project.filled; }));
    file.data("/projects/residents", column_of<std::int32_t>(rows, [](const Row& r) { return r.project.residents; }));
    file.data("/projects/registered_here", column_of<std::int32_t>(rows, [](const Row& r) { return r.project.registered_here; }));
    file.attribute("/projects", "definition",
                   "staff of publicly funded projects under C4.4 (heritage 0) and C4.5 (heritage 1) at the end of December and of the "
                   "last month; space -1: stock of the start, together by block");
}

}  // namespace

void write_background(Hdf5Writer& file, const Model& model, const ReplicateSource& replicates) {
    write_places(file, model.district);
    write_uses(file, model.district.catalogue);
    write_sources(file, model.district);
    write_figures(file, model.district);
    write_projects(file, replicates);
}

}  // namespace hutong
