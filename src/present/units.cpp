/*
 * Rounding of figures for people; see units.hpp.
 */
#include "present/units.hpp"

#include "present/format.hpp"

#include <cmath>

namespace pg_advisor
{
namespace
{

/* Two significant digits below ten, none behind the point above. */
String Short(double value)
{
    if (value < 0.095)
        return Format("{:.2f}", value);
    return value < 9.95 ? Format("{:.1f}", value) : Format("{:.0f}", value);
}

/* 1234567 -> "1,234,567" */
String Grouped(double value)
{
    const String digits = Format("{:.0f}", value);
    String out;
    const std::size_t first = digits[0] == '-' ? 1 : 0;
    for (std::size_t i = 0; i < digits.size(); i++)
    {
        if (i > first && (digits.size() - i) % 3 == 0)
            out += ',';
        out += digits[i];
    }
    return out;
}

} // namespace

String HumanBytes(double bytes)
{
    if (bytes < 1024)
        return Format("{:.0f} bytes", bytes);
    const double kilobytes = bytes / 1024;
    if (kilobytes < 1023.5)
        return Format("{} kB", Short(kilobytes));
    const double megabytes = kilobytes / 1024;
    if (megabytes < 1023.5)
        return Format("{} MB", Short(megabytes));
    const double gigabytes = megabytes / 1024;
    return gigabytes < 1023.5 ? Format("{} GB", Short(gigabytes)) : Format("{} TB", Short(gigabytes / 1024));
}

String HumanMilliseconds(double ms)
{
    if (ms < 1000)
        return Format("{} ms", Short(ms));
    const double seconds = ms / 1000;
    if (seconds < 100)
        return Format("{} s", Short(seconds));
    const double minutes = seconds / 60;
    return minutes < 100 ? Format("{} min", Short(minutes)) : Format("{} h", Short(minutes / 60));
}

String HumanShare(double ratio)
{
    const double percent = ratio * 100;
    if (percent > 0 && percent < 0.1)
        return "less than 0.1 %";
    if (percent < 100 && percent >= 99.5)
        return Format("{:.1f} %", std::floor(percent * 10) / 10);
    return percent < 9.95 && percent > 0 ? Format("{:.1f} %", percent) : Format("{:.0f} %", percent);
}

String HumanNumber(double number)
{
    if (number < 10 && std::abs(number - std::round(number)) > 0.05)
        return Format("{:.1f}", number);
    return number < 1e6 ? Grouped(number) : Format("{} million", Short(number / 1e6));
}

String Counted(double number, std::string_view noun)
{
    const String figure = HumanNumber(number);
    return Format("{} {}{}", figure, noun, figure == "1" ? "" : "s");
}

String HumanCost(double cost)
{
    return std::abs(cost) < 100 ? Format("{:.2f}", cost) : Grouped(cost);
}

} // namespace pg_advisor
