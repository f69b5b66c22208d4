using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Tests.ServiceDefaults.Settings;

public sealed class SettingPatternTests
{
    private static readonly SettingsCatalog Catalog = new()
    {
        Program = "Door",
        Purpose = "opens",
        Variables = [SettingsPlaces.FolderVariable],
        Sections =
        [
            new SettingsSection<PaceOptions>("Door").Keys("Keys:<name>", "Who may enter", isSecret: true)
                .Keys("Rooms:<name>:Floor", "Where it is").Keys("Rooms:<name>:Size", "How large it is"),
        ],
    };

    [Fact]
    public void A_chosen_name_is_taken_from_every_layer_under_any_spelling_of_the_rest()
    {
        using var fixture = new SettingsFixture().System("""{ "Door": { "Keys": { "alice": "a" }, "Rooms": { "hall": { "Floor": 1 } } } }""")
            .Variable("Door__Keys__bob", "b").Variable("GPUPLATFORM_DOOR__ROOMS__hall__SIZE", "9").Argument("--Door:Keys:carol=c");

        var settings = fixture.Read(Catalog);

        Assert.Empty(settings.Problems);
        Assert.Equal(["a", "b", "c"], ((string[])["alice", "bob", "carol"]).Select(name => settings.Values[$"Door:Keys:{name}"].Value));
        Assert.Equal(["1", "9"], ((string[])["Floor", "Size"]).Select(name => settings.Values[$"Door:Rooms:hall:{name}"].Value));
    }

    [Theory]
    [InlineData("""{ "Door": { "Keys": "x" } }""", "Door:Keys is a section and takes no value; its keys are Door:Keys:<name> (etc/a.json:1)")]
    [InlineData("""{ "Door": { "Keys": { "": "x" } } }""", "Door:Keys: is unknown; its keys are Door:Keys:<name> (etc/a.json:1)")]
    [InlineData("""{ "Door": { "Rooms": { "hall": { "Flor": 1 } } } }""", "Door:Rooms:hall:Flor is unknown; did you mean Door:Rooms:hall:Floor? (etc/a.json:1)")]
    [InlineData("""{ "Door": { "Keys": { "alice": { "x": 1 } } } }""", "Door:Keys:alice:x is unknown; did you mean Door:Keys:alice? (etc/a.json:1)")]
    [InlineData("""{ "Door": { "Keys": { "alice": "x", "ALICE": "y" } } }""", "Door:Keys:ALICE is set twice, the first time by etc/a.json:1 (etc/a.json:1)")]
    [InlineData("""{ "Door": { "Rooms": { "hall": "x" } } }""", "Door:Rooms:hall is a section and takes no value; its keys are Door:Rooms:<name>:Floor, Door:Rooms:<name>:Size (etc/a.json:1)")]
    public void What_does_not_fit_the_pattern_is_refused(string json, string expected)
    {
        using var fixture = new SettingsFixture().System(json);
        Assert.Equal([expected], fixture.Problems(Catalog));
    }

    [Fact]
    public void A_problem_of_one_name_gets_its_origin()
    {
        using var fixture = new SettingsFixture().Variable("Door__Keys__bob", "b").Argument("--Door:Keys:bobby=c");
        Assert.Equal("Door:Keys:bob is short (Door__Keys__bob)", fixture.Read(Catalog).WithOrigins("Door:Keys:bob is short"));
    }

    [Fact]
    public void The_report_has_a_row_for_each_name_and_hides_what_is_secret()
    {
        using var fixture = new SettingsFixture().Argument("--Door:Keys:bob=http://hidden", "--Door:Keys:alice=hidden", "--Door:Rooms:hall:Floor=1");
        using var output = new StringWriter();

        SettingsReport.WriteEffective(fixture.Read(Catalog), output);

        var rows = output.ToString().Split('\n').Where(line => line.StartsWith("Door", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]);
        Assert.Equal(["Door:Keys:alice ***", "Door:Keys:bob ***", "Door:Rooms:hall:Floor 1", "Door:Rooms:<name>:Size (none)"], rows.Select(row => string.Join(' ', row)));
        Assert.DoesNotContain("hidden", output.ToString(), StringComparison.Ordinal);
    }
}
