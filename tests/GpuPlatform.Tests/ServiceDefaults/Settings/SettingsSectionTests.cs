using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Tests.ServiceDefaults.Settings;

public sealed class SettingsSectionTests
{
    [Fact]
    public void Name_and_default_of_a_key_are_the_propertys()
    {
        var settings = SettingsFixture.Catalog.Sections[0].Settings;

        Assert.Equal(["Pace:Interval", "Pace:Count", "Pace:Name", "Pace:IsQuick", "Pace:Deep:Seed"], settings.Select(setting => setting.Key));
        Assert.Equal(["00:00:02.5", "3", null, "false", "1"], settings.Select(setting => setting.Default));
    }

    [Fact]
    public void A_default_can_be_written_as_it_is_shown() =>
        Assert.All(SettingsFixture.Catalog.Sections[0].Settings.Where(setting => setting.Default is not null), setting => Assert.Null(setting.Refusal(setting.Default!)));

    [Fact]
    public void A_key_that_is_no_property_is_the_programmers_mistake() =>
        Assert.Throws<ArgumentException>(() => new SettingsSection<PaceOptions>("Pace").Key(o => o.Count + 1, "one more"));
}
