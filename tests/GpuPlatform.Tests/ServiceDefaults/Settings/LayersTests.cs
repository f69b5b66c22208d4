using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Tests.ServiceDefaults.Settings;

public sealed class LayersTests
{
    private const string Key = "Pace:Count";

    // Each layer in turn, from the one that loses to the one that wins
    private static readonly (string Name, Action<SettingsFixture, string> Write)[] Layers =
    [
        ("profile hasty", (fixture, _) => fixture.Variable("GPUPLATFORM_PROFILE", "hasty")),
        ("program/appsettings.json:1", (fixture, value) => fixture.Program(Json(value))),
        ("program/appsettings.Test.json:1", (fixture, value) => fixture.Program(Json(value), "appsettings.Test.json")),
        ("etc/10.json:1", (fixture, value) => fixture.System(Json(value), "10.json")),
        ("etc/20.json:1", (fixture, value) => fixture.System(Json(value), "20.json")),
        ("home/gpuplatform/10.json:1", (fixture, value) => fixture.User(Json(value), "10.json")),
        ("home/gpuplatform/20.json:1", (fixture, value) => fixture.User(Json(value), "20.json")),
        ("Pace__Count", (fixture, value) => fixture.Variable("Pace__Count", value)),
        ("GPUPLATFORM_Pace__Count", (fixture, value) => fixture.Variable("GPUPLATFORM_Pace__Count", value)),
        ("command line --Pace:Count", (fixture, value) => fixture.Argument($"--{Key}={value}")),
    ];

    public static TheoryData<int> Winners => [.. Enumerable.Range(0, Layers.Length)];

    [Theory]
    [MemberData(nameof(Winners))]
    public void A_later_layer_wins_over_all_before_it(int winner)
    {
        using var fixture = new SettingsFixture().Variable("DOTNET_ENVIRONMENT", "Test");
        for (var i = 0; i <= winner; i++) Layers[i].Write(fixture, $"{i + 1}");

        var settings = fixture.Read();

        Assert.Empty(settings.Problems);
        Assert.Equal($"{winner + 1}", settings.Values[Key].Value);
        Assert.Equal(Layers[winner].Name, fixture.Short(settings.Values[Key].Origin));
    }

    [Fact]
    public void Layers_that_say_nothing_of_a_key_leave_it_alone()
    {
        using var fixture = new SettingsFixture().System("""{ "Pace": { "Count": 5 } }""").User("""{ "Pace": { "Name": "x" } }""");

        var settings = fixture.Read();

        Assert.Equal(("5", "x"), (settings.Values["Pace:Count"].Value, settings.Values["Pace:Name"].Value));
        Assert.False(settings.Values.ContainsKey("Pace:Interval"));
    }

    [Fact]
    public void Null_takes_back_what_earlier_layers_said()
    {
        using var fixture = new SettingsFixture().System("""{ "Pace": { "Count": 5, "Deep": { "Seed": 7 } } }""").User("""{ "Pace": { "Count": null, "Deep": null } }""");

        Assert.DoesNotContain(fixture.Read().Values.Keys, key => key.StartsWith("Pace", StringComparison.Ordinal));
        Assert.Empty(fixture.Problems());
    }

    [Fact]
    public void A_list_of_a_later_file_takes_the_place_of_the_earlier_one()
    {
        using var fixture = new SettingsFixture().System("""{ "Kitchen": { "Dishes": ["soup", "fish"] } }""").User("""{ "Kitchen": { "Dishes": ["cake"] } }""");

        var settings = fixture.Read();

        Assert.Equal("cake", Assert.Single(settings.Values, pair => pair.Key.StartsWith("Kitchen", StringComparison.Ordinal)).Value.Value);
    }

    [Theory]
    [InlineData("XDG_CONFIG_HOME", "", "home")]
    [InlineData("XDG_CONFIG_HOME", "relative/path", "home")]
    public void Without_a_usable_XDG_folder_the_one_in_the_home_directory_is_read(string name, string value, string home)
    {
        using var fixture = new SettingsFixture().Variable(name, value);
        fixture.Variable("HOME", fixture.PathOf(home));
        fixture.Tree.Write("home/.config/gpuplatform/a.json", Json("9"));

        Assert.Equal("9", fixture.Read().Values[Key].Value);
    }

    [Fact]
    public void Without_any_home_nothing_of_a_user_is_read()
    {
        using var fixture = new SettingsFixture().Variable("XDG_CONFIG_HOME", "").User(Json("9"));

        Assert.Empty(fixture.Read().Files);
    }

    [Fact]
    public void Only_json_files_of_a_folder_are_read()
    {
        using var fixture = new SettingsFixture().System("Node__Id=x", "collector.env").System("not json", "a.json.bak");

        Assert.Empty(fixture.Problems());
    }

    [Theory]
    [InlineData("GPUPLATFORM_ENVIRONMENT", "Test")]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Test")]
    [InlineData("ENVIRONMENT", "Production")]
    public void The_environments_name_comes_from_prefixed_variables_only(string variable, string expected)
    {
        using var fixture = new SettingsFixture().Variable(variable, "Test");
        Assert.Equal(expected, fixture.Read().EnvironmentName);
    }

    [Fact]
    public void The_addresses_to_listen_on_are_the_frameworks_own_variables()
    {
        using var fixture = new SettingsFixture().System("""{ "urls": "http://localhost:1" }""").Variable("ASPNETCORE_URLS", "http://localhost:2");
        Assert.Equal("http://localhost:2", fixture.Read().Values["urls"].Value);
    }

    private static string Json(string value) => $$"""{ "Pace": { "Count": {{value}} } }""";
}
