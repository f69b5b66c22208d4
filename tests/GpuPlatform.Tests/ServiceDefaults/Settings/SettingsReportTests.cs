using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Tests.ServiceDefaults.Settings;

public sealed class SettingsReportTests
{
    [Fact]
    public void Each_key_is_shown_with_its_value_and_where_it_comes_from()
    {
        using var fixture = new SettingsFixture().System("""{ "Pace": { "Name": "x" } }""").Variable("GPUPLATFORM_PROFILE", "hasty").Argument("--Pace:IsQuick=true");

        Assert.Equal(
            [
                "Profile hasty GPUPLATFORM_PROFILE",
                "Pace:Interval 00:00:01 profile hasty",
                "Pace:Count 1 profile hasty",
                $"Pace:Name x {fixture.PathOf("etc/a.json")}:1",
                "Pace:IsQuick true command line --Pace:IsQuick",
                "Pace:Deep:Seed 1 default",
                "ConnectionStrings:bus (unset) default",
            ],
            Effective(fixture).SkipWhile(line => !line.StartsWith("Profile", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_files_are_named_in_their_order()
    {
        using var fixture = new SettingsFixture().Program("{}").User("{}").System("{}", "b.json").System("{}", "a.json");
        var expected = new[] { "program/appsettings.json", "etc/a.json", "etc/b.json", "home/gpuplatform/a.json" }.Select(fixture.PathOf);
        Assert.Equal(expected, Effective(fixture).Skip(1).Take(4).Select(line => line.Trim()));
    }

    [Theory]
    [InlineData("amqp://guest:hidden@localhost:5672", "amqp://guest:***@localhost:5672")]
    [InlineData("amqp://guest:hid:d@en@localhost/v", "amqp://guest:***@localhost/v")]
    [InlineData("amqp://localhost:5672", "amqp://localhost:5672")]
    [InlineData("amqp://guest:hid;den@localhost", "***")]
    [InlineData("Host=h;Username=u;Password=hidden;Database=d", "Host=h;Username=u;Password=***;Database=d")]
    [InlineData("hidden", "***")]
    [InlineData("", "")]
    internal void Secrets_of_a_connection_are_hidden(string value, string expected) =>
        Assert.Equal(expected, SettingText.Mask("ConnectionStrings:bus", value, isSecret: true));

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=hidden")]
    [InlineData("Kestrel:Certificates:Default:Password", "hidden")]
    [InlineData("Upstream:Api_Key", "hidden")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:hidden@host")]
    [InlineData("Logging:Sink", "https://host/?Token=hidden")]
    internal void Secrets_under_any_key_are_hidden(string key, string value) =>
        Assert.DoesNotContain("hidden", SettingText.Mask(key, value, isSecret: false), StringComparison.Ordinal);

    [Fact]
    public void Secrets_are_hidden_in_the_whole_report()
    {
        using var fixture = new SettingsFixture().Variable("ConnectionStrings__bus", "amqp://u:hidden@h").Variable("OTEL_EXPORTER_OTLP_HEADERS", "hidden")
            .System("""{ "ConnectionStrings": { "store": "hidden" } }""");
        Assert.DoesNotContain(Effective(fixture), line => line.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public void Help_lists_every_key_with_its_default_and_meaning()
    {
        using var output = new StringWriter();
        SettingsReport.WriteHelp(SettingsFixture.Catalog, output);

        Assert.Contains("Pace:Interval (00:00:02.5)\n    Time between two\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Pace:Name (none)\n    Its name\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Pace:IsQuick (false)\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Profile hasty: Pace:Interval=00:00:01, Pace:Count=1\n", output.ToString(), StringComparison.Ordinal);
    }

    private static List<string> Effective(SettingsFixture fixture)
    {
        using var output = new StringWriter();
        SettingsReport.WriteEffective(fixture.Read(), output);
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
    }
}
