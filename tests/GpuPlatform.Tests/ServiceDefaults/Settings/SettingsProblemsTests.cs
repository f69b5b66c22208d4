using System.Diagnostics;
using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Tests.ServiceDefaults.Settings;

public sealed class SettingsProblemsTests
{
    [Theory]
    [InlineData("{ \"Pace\": {\n\"Count\": \"three\" } }", "Pace:Count is 'three'; expected is a whole number (etc/a.json:2)")]
    [InlineData("""{ "Pace": { "Interval": "soon" } }""", "Pace:Interval is 'soon'; expected is a time as hh:mm:ss, as in 00:00:02 (etc/a.json:1)")]
    [InlineData("""{ "Pace": { "IsQuick": "yes" } }""", "Pace:IsQuick is 'yes'; expected is true or false (etc/a.json:1)")]
    [InlineData("""{ "Pace": { "Deep": { "Seed": 1.5 } } }""", "Pace:Deep:Seed is '1.5'; expected is a whole number (etc/a.json:1)")]
    [InlineData("""{ "Pace": { "Count": "" } }""", "Pace:Count is ''; expected is a whole number (etc/a.json:1)")]
    [InlineData("""{ "Pace": 5 }""", "Pace is a section and takes no value; its keys are Pace:Interval, Pace:Count, Pace:Name, Pace:IsQuick, Pace:Deep:Seed (etc/a.json:1)")]
    [InlineData("""{ "Pace": { "Zzzzz": 5 } }""", "Pace:Zzzzz is unknown; its keys are Pace:Interval, Pace:Count, Pace:Name, Pace:IsQuick, Pace:Deep:Seed (etc/a.json:1)")]
    [InlineData("""{ "Quux": { "Corge": 5 } }""", "Quux:Corge is unknown; --help lists every key (etc/a.json:1)")]
    [InlineData("""{ "Pcae": { "Count": 5 } }""", "Pcae:Count is unknown; did you mean Pace:Count? (etc/a.json:1)")]
    [InlineData("""{ "Count": 5 }""", "Count is unknown; did you mean Pace:Count? (etc/a.json:1)")]
    [InlineData("""{ "Loging": { "LogLevel": { "Default": "Debug" } } }""", "Loging:LogLevel:Default is unknown; did you mean Logging:LogLevel:Default? (etc/a.json:1)")]
    [InlineData("""{ "Kitchne": { "Dish": 1 } }""", "Kitchne:Dish is unknown; did you mean Kitchen:Dish? (etc/a.json:1)")]
    [InlineData("""{ "ConnectionStrings": { "buss": "x" } }""", "ConnectionStrings:buss is unknown; did you mean ConnectionStrings:bus? (etc/a.json:1)")]
    [InlineData("""{ "Pace": { "Name": ["a"] } }""", "Pace:Name is a list; accepted is one value, where it takes several one text with commas between them (etc/a.json:1)")]
    [InlineData("""{ "Pace": { "Count": { "Low": 5 } } }""", "Pace:Count:Low is unknown; did you mean Pace:Count? (etc/a.json:1)")]
    [InlineData("{ \"Pace\": { \"Count\": 5,\n \"count\": 6 } }", "Pace:count is set twice, the first time by etc/a.json:1 (etc/a.json:2)")]
    [InlineData("""{ "Profile": "lazy" }""", "Profile is 'lazy'; expected is calm or hasty (etc/a.json:1)")]
    [InlineData("{\n  \"Pace\": {,}\n}", "etc/a.json line 2 column 12: ',' is an invalid start of a property name. Expected a '\"'.")]
    [InlineData("{ \"Pace\": {", "etc/a.json line 1 column 12: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.")]
    [InlineData("{} {}", "etc/a.json line 1 column 4: '{' is invalid after a single JSON value. Expected end of data.")]
    [InlineData("""{ "": 5 }""", "'' is unknown; --help lists every key (etc/a.json:1)")]
    [InlineData("[1]", "etc/a.json cannot be read: it holds no object: begin with { and end with }")]
    [InlineData("", "etc/a.json cannot be read: it is empty or no regular file; write {} for no settings")]
    public void A_bad_file_is_said_by_key_with_where_it_is_and_what_is_accepted(string json, string expected)
    {
        using var fixture = new SettingsFixture().System(json);
        Assert.Equal([expected], fixture.Problems());
    }

    [Theory]
    [InlineData("GPUPLATFORM_Pace__Cuont", "1", "Pace:Cuont is unknown; did you mean GPUPLATFORM_Pace__Count? (GPUPLATFORM_Pace__Cuont)")]
    [InlineData("GPUPLATFORM_PACE_COUNT", "1", "PACE_COUNT is unknown; did you mean GPUPLATFORM_Pace__Count? (GPUPLATFORM_PACE_COUNT)")]
    [InlineData("GPUPLATFORM_Pace__Count", "x\n", "Pace:Count is 'x?'; expected is a whole number (GPUPLATFORM_Pace__Count)")]
    [InlineData("Pace__Count", "x", "Pace:Count is 'x'; expected is a whole number (Pace__Count)")]
    [InlineData("Pace__Cuont", "1", "Pace:Cuont is unknown; did you mean Pace:Count? (Pace__Cuont)")]
    [InlineData("GPUPLATFORM_CONFIG", "/nowhere/at/all", "GPUPLATFORM_CONFIG is '/nowhere/at/all', which is no folder")]
    public void A_bad_variable_is_said_by_key_and_name(string name, string value, string expected)
    {
        using var fixture = new SettingsFixture().Variable(name, value);
        Assert.Equal([expected], fixture.Problems());
    }

    [Fact]
    public void Two_variables_for_one_key_are_refused()
    {
        using var fixture = new SettingsFixture().Variable("GPUPLATFORM_Pace__Count", "1").Variable("GPUPLATFORM_PACE__COUNT", "2");
        Assert.Equal(["Pace:Count is set twice, the first time by GPUPLATFORM_PACE__COUNT (GPUPLATFORM_Pace__Count)"], fixture.Problems());
    }

    [Theory]
    [InlineData("PATH", "/bin")]
    [InlineData("PACE", "loud")]
    [InlineData("PROFILE", "release")]
    [InlineData("http_proxy", "http://proxy")]
    [InlineData("Stranger__Key", "1")]
    [InlineData("GPUPLATFORM_DATA", "/data")]
    [InlineData("GPUPLATFORM_Kitchen__Dish", "soup")]
    [InlineData("GPUPLATFORM_Logging__LogLevel__Default", "Debug")]
    [InlineData("GPUPLATFORM_OTEL_SERVICE_NAME", "x")]
    public void What_belongs_to_others_is_passed_over(string name, string value)
    {
        using var fixture = new SettingsFixture().Variable(name, value).System("""
            // a comment
            { "$schema": "x", "Kitchen": { "Dish": "soup", }, "ConnectionStrings": { "store": "x" }, "Kestrel": { "Limits": {} }, }
            """);
        Assert.Empty(fixture.Problems());
        Assert.False(fixture.Read().Values.ContainsKey(name));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_named_and_the_others_still_count()
    {
        using var fixture = new SettingsFixture().System("""{ "Pace": { "Count": 4 } }""", "b.json");
        fixture.Tree.Link("etc/a.json", "/nowhere/at/all");

        Assert.StartsWith("etc/a.json cannot be read: ", Assert.Single(fixture.Problems()), StringComparison.Ordinal);
        Assert.Equal("4", fixture.Read().Values["Pace:Count"].Value);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_file_is_refused_without_waiting_for_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps pipes and devices out of folders.");
        using var fixture = new SettingsFixture();
        using (var mkfifo = Process.Start("mkfifo", [fixture.PathOf("etc/a.json"), fixture.PathOf("pipe")])) await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        fixture.Tree.Link("etc/b.json", fixture.PathOf("pipe"));
        fixture.Tree.Link("etc/c.json", "/dev/zero");

        var problems = await Task.Run(() => fixture.Problems(), TestContext.Current.CancellationToken).WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(((string[])["a", "b", "c"]).Select(name => $"etc/{name}.json cannot be read: it is empty or no regular file; write {{}} for no settings"), problems);
    }

    [Fact]
    public void A_file_is_refused_beyond_a_mebibyte_and_read_up_to_it()
    {
        using var fixture = new SettingsFixture().System("{}" + new string(' ', 1024 * 1024 - 2), "fits.json").System("{}" + new string(' ', 1024 * 1024), "large.json");
        Assert.Equal(["etc/large.json cannot be read: it has 1048578 bytes; accepted are 1048576"], fixture.Problems());
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_a_problem_and_not_a_crash()
    {
        using var fixture = new SettingsFixture();
        fixture.Tree.Write("etc/a.json", [.. "{ \"Pace\": {\n \"Name\": \""u8, 0xff, 0xfe, .. "\" } }"u8]);
        fixture.Tree.Write("etc/b.json", """{ "Pace": { "Name": "\ud800" } }""");
        fixture.Tree.Write("etc/c.json", [0xef, 0xbb, 0xbf, .. "{ \"Pace\": { \"Name\": \"with a byte order mark\" } }"u8]);

        Assert.Equal(2, fixture.Problems().Count);
        Assert.StartsWith("etc/a.json", fixture.Problems()[0], StringComparison.Ordinal);
        Assert.StartsWith("etc/b.json", fixture.Problems()[1], StringComparison.Ordinal);
        Assert.Equal("with a byte order mark", fixture.Read().Values["Pace:Name"].Value);
    }

    [Fact]
    public void Whatever_a_file_holds_is_read_or_refused()
    {
        using var fixture = new SettingsFixture();
        var random = new Random(1);
        var whole = """{ "Pace": { "Interval": "00:00:05", "Count": 3, "Deep": { "Seed": 1 } }, "Kitchen": { "Dishes": ["soup", null, true, 1e3] } }"""u8.ToArray();
        for (var i = 0; i < 500; i++)
        {
            byte[] broken = [.. whole.Take(random.Next(whole.Length + 1))];
            for (var slip = random.Next(4); slip > 0 && broken.Length > 0; slip--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            fixture.Tree.Write("etc/a.json", broken);

            Assert.All(fixture.Problems(), problem => Assert.Contains("etc/a.json", problem, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_problem_of_every_layer_is_said_also_of_what_is_overridden()
    {
        using var fixture = new SettingsFixture()
            .Program("""{ "Pace": { "Count": "a" } }""").System("""{ "Pace": { "Count": "b" } }""").System("{", "z.json").User("""{ "Pace": { "Count": "c" } }""")
            .Variable("Pace__Count", "d").Variable("GPUPLATFORM_Pace__Count", "e").Argument("--Pace:Count=f", "--Pace:Interval=g");

        var problems = fixture.Problems();

        Assert.Equal(8, problems.Count);
        Assert.All("abcdef", value => Assert.Contains(problems, problem => problem.StartsWith($"Pace:Count is '{value}'", StringComparison.Ordinal)));
        Assert.False(fixture.Read().Values.ContainsKey("Pace:Count"));
    }

    [Fact]
    public void A_problem_found_later_gets_the_origin_of_the_values_it_speaks_of()
    {
        using var fixture = new SettingsFixture().Variable("Pace__Count", "5").Argument("--Pace:Deep:Seed", "-2");
        var settings = fixture.Read();

        Assert.Equal("Pace:Count is 5; accepted are 1 to 3 (Pace__Count)", settings.WithOrigins("Pace:Count is 5; accepted are 1 to 3"));
        Assert.Equal("Pace:CountMore is 5", settings.WithOrigins("Pace:CountMore is 5"));
        Assert.Equal("Pace:Interval is long", settings.WithOrigins("Pace:Interval is long"));
        Assert.Equal("-2", settings.Values["Pace:Deep:Seed"].Value);
    }
}
