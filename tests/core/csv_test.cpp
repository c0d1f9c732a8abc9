#include "core/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <bit>
#include <cmath>

namespace hutong {
namespace {

using testing::HasSubstr;

/// The message of the one problem in a text, or "no problem".
std::string problem_of(std::string bytes) {
    try {
        parse_csv(std::move(bytes), "t.csv");
    } catch (const Error& error) {
        return error.what();
    }
    return "no problem";
}

TEST(Csv, ReadsCellsByNameOfColumn) {
    const CsvTable table = parse_csv("code,area_m2,open\nA,12.5,1\nB,-3e2,0\n", "t.csv");
    EXPECT_EQ(table.rows(), 2U);
    EXPECT_EQ(table.columns(), 3U);
    EXPECT_EQ(table.text(1, table.column("code")), "B");
    EXPECT_EQ(table.number(1, table.column("area_m2")), -300.0);
    EXPECT_TRUE(table.flag(0, table.column("open")));
    EXPECT_FALSE(table.flag(1, table.column("open")));
    EXPECT_EQ(table.integer(1, 2), 0);
    EXPECT_EQ(table.line(1), 3);
}

TEST(Csv, TakesWhatRfc4180Allows) {
    const CsvTable table = parse_csv("\xEF\xBB\xBFname,note\r\n\"西城, \"\"区\"\"\",\"two\nlines\"\r\nlast,", "t.csv");
    ASSERT_EQ(table.rows(), 2U);
    EXPECT_EQ(table.header()[0], "name");
    EXPECT_EQ(table.text(0, 0), "西城, \"区\"");
    EXPECT_EQ(table.text(0, 1), "two\nlines");
    EXPECT_EQ(table.text(1, 0), "last");
    EXPECT_EQ(table.text(1, 1), "");
    EXPECT_EQ(table.line(0), 2);
    EXPECT_EQ(table.line(1), 4) << "a line feed inside a cell counts";
}

TEST(Csv, PlacesAreThoseOfTheFile) {
    const CsvTable table = parse_csv("a,b,c\n\"x\"\"y\",西城,3\n1,2,3\n", "t.csv");
    EXPECT_EQ(table.place(0, 0).column, 2);  // behind the quote
    EXPECT_EQ(table.place(0, 1).column, 8);
    EXPECT_EQ(table.place(0, 2).column, 11);
    EXPECT_EQ(table.place(0, 2).line, 2);
    EXPECT_EQ(table.place(1, 2).line, 3);
    EXPECT_EQ(table.place(1, 2).column, 5);
}

TEST(Csv, RefusesWhatIsBroken) {
    EXPECT_THAT(problem_of("a,b\n1,2,3\n"), HasSubstr("t.csv:2:1: the row has 3 cells (the header has 2)"));
    EXPECT_THAT(problem_of("a,b\n1\n"), HasSubstr("t.csv:2:1: the row has 1 cells"));
    EXPECT_THAT(problem_of("a,b\n1,2\n\n"), HasSubstr("t.csv:3:1: the row has 1 cells (the header has 2), remove the blank line"));
    EXPECT_THAT(problem_of("a,b\n1,x\"y\n"), HasSubstr("t.csv:2:4: a quote stands inside"));
    EXPECT_THAT(problem_of("a,b\n1,\"x\"y\n"), HasSubstr("t.csv:2:6: text follows the closing quote"));
    EXPECT_THAT(problem_of("a,b\n1,\"x\n"), HasSubstr("t.csv:2:3: the cell is never closed"));
    EXPECT_THAT(problem_of("a,b\n1,x\ry\n"), HasSubstr("t.csv:2:4: a control character"));
    EXPECT_THAT(problem_of(std::string("a,b\n1,\0\n", 8)), HasSubstr("t.csv:2:3: a control character"));
    EXPECT_THAT(problem_of("a,b\n1,\xff\n"), HasSubstr("t.csv:2:3: the text is not UTF-8"));
    EXPECT_THAT(problem_of("a,b\n1,\xed\xa0\x80\n"), HasSubstr("UTF-8")) << "a surrogate";
    EXPECT_THAT(problem_of("a,b\n1,\xc0\x80\n"), HasSubstr("UTF-8")) << "an overlong form";
    EXPECT_THAT(problem_of("a,b,a\n"), HasSubstr("column 'a' is there twice"));
    EXPECT_THAT(problem_of(""), HasSubstr("the table is empty"));
    EXPECT_THAT(problem_of("\n1,2\n"), HasSubstr("the table is empty"));
    EXPECT_EQ(problem_of("a,b\n"), "no problem");
}

TEST(Csv, RefusesCellsOfAnotherType) {
    const CsvTable table = parse_csv("x\nnan\ninf\n1e999\n\n 1\n1 \n0x10\n+1\n1.5\n2\n", "t.csv");
    for (std::size_t row = 0; row < 8; ++row) EXPECT_THROW(table.number(row, 0), Error) << table.text(row, 0);
    EXPECT_EQ(table.number(8, 0), 1.5);
    EXPECT_THROW(table.integer(8, 0), Error);
    EXPECT_EQ(table.integer(9, 0), 2);
    EXPECT_THROW(table.flag(9, 0), Error);
    try {
        table.number(0, 0);
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "t.csv:2:1: 'nan' is not a number (column 'x' holds finite numbers), correct the cell");
        EXPECT_EQ(error.kind(), ErrorKind::bad_district);
    }
}

TEST(Csv, NamesTheMissingColumn) {
    const CsvTable table = parse_csv("code\nA\n", "homes.csv");
    try {
        table.column("area_m2");
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("homes.csv:1: column 'area_m2' is missing"));
    }
    std::vector<Error> problems;
    const std::size_t missing = table.column("area_m2", problems);
    EXPECT_EQ(missing, CsvTable::no_column);
    EXPECT_EQ(table.number(0, missing, problems), 0.0);
    EXPECT_EQ(table.text(0, missing), "");
    EXPECT_EQ(problems.size(), 1U) << "a missing column is one problem, not one per row";
}

TEST(Csv, CollectsEveryProblemInOnePass) {
    std::vector<Error> problems;
    const CsvTable table = parse_csv("a,b\n1,2\n3\n4,x\"\n5,6\n7,\"8\"9\n10,11\n", "t.csv", problems);
    ASSERT_EQ(problems.size(), 3U);
    EXPECT_EQ(problems[0].place().line, 3);
    EXPECT_EQ(problems[1].place().line, 4);
    EXPECT_EQ(problems[2].place().line, 6);
    ASSERT_EQ(table.rows(), 3U);
    EXPECT_EQ(table.text(2, 1), "11");
    EXPECT_EQ(table.line(2), 7);
}

TEST(Csv, KeepsItsLimits) {
    CsvLimits limits;
    limits.rows = 2;
    EXPECT_NO_THROW(parse_csv("a\n1\n2\n", "t.csv", limits));
    EXPECT_THROW(parse_csv("a\n1\n2\n3\n", "t.csv", limits), Error);
    limits = {};
    limits.columns = 2;
    EXPECT_THROW(parse_csv("a,b,c\n", "t.csv", limits), Error);
    limits = {};
    limits.field_bytes = 3;
    EXPECT_NO_THROW(parse_csv("a\n123\n", "t.csv", limits));
    EXPECT_THROW(parse_csv("a\n1234\n", "t.csv", limits), Error);
    limits = {};
    limits.bytes = 4;
    try {
        parse_csv("a\n123\n", "t.csv", limits);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::too_large);
    }
    std::vector<Error> problems;
    limits = {};
    limits.rows = 1;
    EXPECT_EQ(parse_csv("a\n1\n2\n3\n", "t.csv", problems, limits).rows(), 1U);
    EXPECT_EQ(problems.size(), 1U);
}

TEST(Csv, SaysWhenTheFileIsMissing) {
    try {
        read_csv("/nowhere/homes.csv");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::missing_file);
    }
    std::vector<Error> problems;
    EXPECT_EQ(read_csv("/nowhere/homes.csv", problems).rows(), 0U);
    EXPECT_EQ(problems.size(), 1U);
}

/// Texts with everything that has a meaning in CSV.
rc::Gen<std::string> cell_text() {
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(
                            rc::gen::element<std::string>("a", ",", "\"", "\n", "\r", "\r\n", "区", " ", "=", "é")),
                        [](const std::vector<std::string>& pieces) {
                            std::string text;
                            for (const auto& piece : pieces) text += piece;
                            return text;
                        });
}

TEST(Csv, ReadsWhatItWrites) {
    rc::check([] {
        const std::size_t columns = *rc::gen::inRange<std::size_t>(1, 5);
        const std::size_t rows = *rc::gen::inRange<std::size_t>(0, 8);
        std::vector<std::string> header;
        for (std::size_t c = 0; c < columns; ++c) header.push_back("c" + std::to_string(c));
        std::vector<std::vector<std::string>> cells(rows);
        CsvWriter writer(header);
        for (auto& row : cells) {
            for (std::size_t c = 0; c < columns; ++c) {
                row.push_back(*cell_text());
                writer.text(row.back());
            }
            writer.end_row();
        }
        const CsvTable table = parse_csv(writer.bytes(), "t.csv");
        RC_ASSERT(table.header() == header);
        RC_ASSERT(table.rows() == rows);
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t c = 0; c < columns; ++c) RC_ASSERT(table.text(r, c) == cells[r][c]);
        }
    });
}

TEST(Csv, NumbersKeepTheirBits) {
    rc::check([](std::uint64_t bits, std::int64_t whole) {
        const double number = std::bit_cast<double>(bits);
        RC_PRE(std::isfinite(number));
        const std::string bytes = CsvWriter({"x", "n"}).number(number).integer(whole).bytes();
        const CsvTable table = parse_csv(bytes, "t.csv");
        RC_ASSERT(std::bit_cast<std::uint64_t>(table.number(0, 0)) == bits);
        RC_ASSERT(table.integer(0, 1) == whole);
    });
}

/// Whatever the bytes, the reader ends with a table or an error, never otherwise.
TEST(Csv, SurvivesAnyBytes) {
    rc::check([](const std::vector<std::uint8_t>& noise) {
        std::string bytes = "a,b\n";
        for (const std::uint8_t byte : noise) bytes += "a,\"\n\r1\xe5"[byte % 7];
        std::vector<Error> problems;
        const CsvTable table = parse_csv(bytes, "t.csv", problems);
        for (std::size_t r = 0; r < table.rows(); ++r) {
            for (std::size_t c = 0; c < 2; ++c) RC_ASSERT(table.text(r, c).size() <= bytes.size());
        }
    });
}

}  // namespace
}  // namespace hutong
