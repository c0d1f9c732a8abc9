#include "analysis/export_database.h"

#include <algorithm>

#include "analysis/export_views.h"
#include "core/calendar.h"

namespace hutong {
namespace {

constexpr const char* prefix = "hutong_";

/// A connection string is shown in messages and stands in the list of processes: no password in it.
void check_connection(const std::string& connection) {
    if (connection.find("password") == std::string::npos && connection.find("://") == std::string::npos) return;
    throw Error(ErrorKind::usage, msg("the connection string may hold no password and no address"),
                msg("it would stand in the list of processes and in logs"),
                msg("give the password in PGPASSWORD, PGSERVICE or ~/.pgpass, and the rest as in 'PG:host=... dbname=...'"));
}

/// A hash as it stands in a statement.
std::string quoted_hash(const std::string& hash) {
    const bool plain =
        !hash.empty() && std::all_of(hash.begin(), hash.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (!plain) {
        throw Error(ErrorKind::bad_results, msg("the hash '{}' is none", hash), {}, msg("make the file again with this version of hutong"));
    }
    return "'" + hash + "'";
}

class Database {
public:
    Database(const ExportSource& from, const std::string& connection) : from_(from), file_(open(connection)) {}

    std::size_t write() {
        file_.begin();
        try {
            write_all();
            file_.commit();
        } catch (...) {
            try {
                file_.rollback();
            } catch (const Error&) {  // the first error is the one to tell
            }
            throw;
        }
        file_.close();
        return from_.data.results.months.size();
    }

private:
    static LayerFile open(const std::string& connection) {
        LayerFile file = LayerFile::connect(connection);
        if (file.query("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'") != "0") return file;
        file.statement("CREATE EXTENSION postgis");
        file.close();
        return LayerFile::connect(connection);  // shapes are known from the start of a connection only
    }

    void write_all() {
        const ExportTable layout = block_month_layout(from_), blocks = block_table(from_), names = indicator_table(from_);
        const std::string mine = " WHERE scenario_hash = " + quoted_hash(from_.data.series_hash);
        prepare(layout);
        replace(blocks, " WHERE district_hash = " + quoted_hash(from_.data.district_hash));
        replace(names, "");
        for (const auto make : {scenario_table, space_table, event_table, project_table, block_year_interval_table,
                                subdistrict_year_interval_table, district_year_interval_table}) {
            replace(make(from_), mine);
        }
        for (const auto make : {subdistrict_month_table, district_month_table}) {
            ExportTable table = make(from_);
            replace(table, mine + months(0, from_.data.last()));
        }
        for (std::size_t m = 0; m <= from_.data.last(); ++m) {
            file_.statement("DELETE FROM " + (prefix + layout.name) + mine + months(m, m));
            file_.append(prefix + layout.name, layout.fields, block_month_rows(from_, m));
        }
        if (!changed_) return;
        const ViewDialect dialect{prefix, ""};
        auto views = subject_views(layout, dialect);
        views.push_back(map_view(layout, dialect));
        for (const ExportView& view : views) {
            file_.statement("DROP VIEW IF EXISTS " + view.name);
            file_.statement(view.sql);
        }
    }

    /// The table with all its columns, and its key.
    void prepare(const ExportTable& table) {
        const std::string name = prefix + table.name;
        if (!file_.has_table(name)) {
            changed_ = true;
            file_.add_table(name, table.shape, table.fields);
            std::string columns;
            for (const std::string& one : table.key) columns += (columns.empty() ? "" : ", ") + one;
            if (!columns.empty()) file_.statement("ALTER TABLE " + name + " ADD CONSTRAINT " + name + "_key UNIQUE (" + columns + ")");
            return;
        }
        const auto known = file_.fields(name);
        for (const LayerField& field : table.fields) {
            if (std::find(known.begin(), known.end(), field.name) != known.end()) continue;
            changed_ = true;
            file_.add_field(name, field);
        }
    }

    void replace(const ExportTable& table, const std::string& where) {
        prepare(table);
        file_.statement("DELETE FROM " + (prefix + table.name) + where);
        file_.append(prefix + table.name, table.fields, table.rows);
    }

    /// " AND replicate = 0 AND month BETWEEN '2017-06' AND '2035-12'"
    std::string months(std::size_t first, std::size_t last) const {
        auto label = [&](std::size_t m) {
            const std::string& text = from_.data.results.months[m];
            const auto month = Month::parse(text);
            if (!month) throw Error(ErrorKind::bad_results, msg("'{}' is no month", text));
            return month->text();
        };
        const std::int64_t replicate = from_.data.results.replicates == 1 ? 0 : mean_of_replicates;
        return fmt::format(" AND replicate = {} AND month BETWEEN '{}' AND '{}'", replicate, label(first), label(last));
    }

    const ExportSource& from_;
    LayerFile file_;
    bool changed_ = false;
};

}  // namespace

bool names_database(const std::string& target) {
    return target.starts_with("PG:") || target.find("://") != std::string::npos || target.find("password") != std::string::npos;
}

std::size_t write_postgis(const ExportSource& from, const std::string& connection) {
    check_connection(connection);
    return Database(from, connection).write();
}

}  // namespace hutong
