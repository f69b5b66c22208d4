using System.Globalization;

namespace GpuPlatform.Web.Readings;

/// <summary>How long ago something was, in at most two units.</summary>
internal static class Age
{
    public static string Of(DateTimeOffset at, DateTimeOffset now)
    {
        var age = now - at;
        return age switch
        {
            { TotalSeconds: < 5 } => "just now", // also what a host's faster clock puts into the future
            { TotalMinutes: < 1 } => $"{(int)age.TotalSeconds} s",
            { TotalHours: < 1 } => $"{(int)age.TotalMinutes} min",
            { TotalDays: < 1 } => Two((int)age.TotalHours, "h", age.Minutes, "min"),
            _ => Two((int)age.TotalDays, "d", age.Hours, "h"),
        };
    }

    /// <summary>As <see cref="Of"/>, ready for "last seen …".</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now) => Of(at, now) is var age && age == "just now" ? age : $"{age} ago";

    /// <summary>The instant in the reader's time zone, with its distance from UTC; in UTC while the zone is not known.</summary>
    public static string Exact(DateTimeOffset at, TimeZoneInfo? zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone ?? TimeZoneInfo.Utc);
        var distance = local.Offset == TimeSpan.Zero ? "UTC" : local.ToString("'UTC'zzz", CultureInfo.InvariantCulture);
        return $"{local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {distance}";
    }

    /// <summary>As people say it: the time of day, before today with its date; in the reader's time zone, else in UTC, which it says.</summary>
    public static string Moment(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo? zone)
    {
        var (local, today) = (TimeZoneInfo.ConvertTime(at, zone ?? TimeZoneInfo.Utc), TimeZoneInfo.ConvertTime(now, zone ?? TimeZoneInfo.Utc));
        var format = local.Date == today.Date ? "HH:mm" : local.Year == today.Year ? "ddd d MMM HH:mm" : "yyyy-MM-dd HH:mm";
        return local.ToString(format, CultureInfo.InvariantCulture) + (zone is null ? " UTC" : "");
    }

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
