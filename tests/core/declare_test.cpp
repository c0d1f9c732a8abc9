#include "core/declare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace hutong {
namespace {

using testing::HasSubstr;

struct Inner {
    double rate = 0.5;
    std::int64_t years = 10;
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.rate, {.name = "rate", .unit = "1/yr", .label = "Rate", .low = 0, .high = 1});
        visit(s.years, {.name = "years", .unit = "yr", .label = "Years", .low = 0, .high = 100});
    }
};

struct Outer {
    bool on = true;
    std::string rule = "any";
    Inner inner;
    double free = 0;
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.on, Declaration{.name = "on", .label = "On"});
        visit(s.rule, Declaration{.name = "rule", .label = "Rule", .choices = {"any", "all"}});
        visit(s.inner, Declaration{.name = "inner", .label = "Inner"});
        visit(s.free, Declaration{.name = "free", .label = "Without a range"});
    }
};

/// What setting a value says, or "fine".
std::string said(std::string_view path, const ParameterValue& value) {
    Outer outer;
    try {
        set_parameter(outer, path, value, {"s.toml", 4, 1});
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::bad_scenario);
        return error.what();
    }
    return "fine";
}

const ParameterRow& row_of(const std::vector<ParameterRow>& rows, std::string_view path) {
    for (const auto& row : rows) {
        if (row.path == path) return row;
    }
    throw std::runtime_error("no such row");
}

TEST(Declare, ListsInOrderOfDeclaration) {
    std::vector<std::string> paths;
    for (const auto& row : list_parameters(Outer{}, "x")) paths.push_back(row.path);
    EXPECT_EQ(paths, (std::vector<std::string>{"x.on", "x.rule", "x.inner.rate", "x.inner.years", "x.free"}));
}

TEST(Declare, SetsByPathAndNothingElse) {
    Outer outer;
    set_parameter(outer, "inner.years", std::int64_t{7});
    EXPECT_EQ(outer.inner.years, 7);
    EXPECT_EQ(outer.inner.rate, 0.5);
    set_parameter(outer, "inner.rate", std::int64_t{1});
    EXPECT_EQ(outer.inner.rate, 1.0) << "a whole number is a number";
    set_parameter(outer, "rule", std::string("all"));
    set_parameter(outer, "on", false);
    set_parameter(outer, "free", -1e300);
    EXPECT_EQ(outer.rule, "all");
    EXPECT_FALSE(outer.on);
    EXPECT_EQ(outer.free, -1e300);
}

TEST(Declare, RefusesWithProblemReasonAndAdvice) {
    EXPECT_EQ(said("inner.rate", 1.5),
              "s.toml:4:1: 'inner.rate' cannot be '1.5' (it lies between 0 and 1 1/yr), choose a value in this range");
    EXPECT_THAT(said("inner.rate", std::string("x")), HasSubstr("it takes a number"));
    EXPECT_THAT(said("inner.rate", true), HasSubstr("it takes a number"));
    EXPECT_THAT(said("inner.rate", std::numeric_limits<double>::quiet_NaN()), HasSubstr("it takes a number"));
    EXPECT_THAT(said("free", std::numeric_limits<double>::infinity()), HasSubstr("it takes a number"));
    EXPECT_THAT(said("inner.years", 7.0), HasSubstr("it takes a whole number"));
    EXPECT_THAT(said("inner.years", std::int64_t{101}), HasSubstr("between 0 and 100 yr"));
    EXPECT_THAT(said("on", std::int64_t{1}), HasSubstr("it takes true or false"));
    EXPECT_THAT(said("rule", std::string("none")), HasSubstr("it takes one of: any, all"));
    EXPECT_EQ(said("inner.rate", 0.0), "fine");
    EXPECT_EQ(said("inner.rate", 1.0), "fine");
}

TEST(Declare, NamesTheNearestKey) {
    EXPECT_THAT(said("inner.rat", 0.1), HasSubstr("unknown key 'inner.rat' (no such parameter is declared), did you mean 'inner.rate'?"));
    EXPECT_THAT(said("inner.yaers", std::int64_t{1}), HasSubstr("did you mean 'inner.years'?"));
    EXPECT_THAT(said("outer.wrong.rate", 0.1), HasSubstr("did you mean 'inner.rate'?")) << "the right key under a wrong section";
    EXPECT_THAT(said("population", 0.1), HasSubstr("look it up")) << "nothing is near";
    EXPECT_EQ(nearest_name("abc", {}), "");
    EXPECT_EQ(nearest_name("months", {"month", "seed"}), "month");
    EXPECT_EQ(nearest_name("q", {"seed", "scale"}), "");
}

TEST(Declare, NearestNameFindsOneTypo) {
    const std::vector<std::string> known = {"fertility_factor", "mortality_factor", "moving_rate", "car_share"};
    rc::check([&] {
        const std::string& truth = *rc::gen::elementOf(known);
        std::string typed = truth;
        typed[*rc::gen::inRange<std::size_t>(0, typed.size())] = 'z';
        RC_ASSERT(nearest_name(typed, known) == truth);
    });
}

TEST(Declare, ReadsTextByTheDeclaredType) {
    const auto rows = list_parameters(Outer{});
    EXPECT_EQ(parse_value(row_of(rows, "inner.rate"), "0.25"), ParameterValue(0.25));
    EXPECT_EQ(parse_value(row_of(rows, "inner.rate"), "1e-3"), ParameterValue(0.001));
    EXPECT_EQ(parse_value(row_of(rows, "inner.years"), "12"), ParameterValue(std::int64_t{12}));
    EXPECT_EQ(parse_value(row_of(rows, "on"), "false"), ParameterValue(false));
    EXPECT_EQ(parse_value(row_of(rows, "on"), "1"), ParameterValue(true));
    EXPECT_EQ(parse_value(row_of(rows, "rule"), "all"), ParameterValue(std::string("all")));
    for (const char* text : {"", "x", "0.5x", " 0.5", "nan", "inf", "0,5", "2"}) {
        EXPECT_THROW(parse_value(row_of(rows, "inner.rate"), text), Error) << text;
    }
    EXPECT_THROW(parse_value(row_of(rows, "inner.years"), "1.5"), Error);
    EXPECT_THROW(parse_value(row_of(rows, "inner.years"), "101"), Error);
    EXPECT_THROW(parse_value(row_of(rows, "on"), "yes"), Error);
    EXPECT_THROW(parse_value(row_of(rows, "rule"), "some"), Error);
}

TEST(Declare, NamesItsStatuses) {
    EXPECT_EQ(status_name(Status::sourced), "sourced");
    EXPECT_EQ(status_name(Status::derived), "derived");
    EXPECT_EQ(status_name(Status::synthetic), "synthetic");
    EXPECT_EQ(status_name(Status::assumption), "assumption");
    EXPECT_EQ(status_name(Status::fitted), "fitted");
}

}  // namespace
}  // namespace hutong
