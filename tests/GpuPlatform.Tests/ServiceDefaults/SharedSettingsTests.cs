using GpuPlatform.ServiceDefaults.Settings;
using GpuPlatform.Tests.ServiceDefaults.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace GpuPlatform.Tests.ServiceDefaults;

public sealed class SharedSettingsTests
{
    [Fact]
    public void Files_of_the_host_win_over_the_services_own_and_lose_against_variables_and_arguments()
    {
        using var fixture = new SettingsFixture()
            .Program("""{ "A": "own", "B": "own", "C": "own", "D": "own" }""")
            .System("""{ "B": "system", "C": "system", "D": "system", "E": "system" }""").User("""{ "E": "user" }""")
            .Variable("GPUPLATFORM_C", "variable").Variable("GPUPLATFORM_D", "variable");
        var manager = new ConfigurationBuilder().AddJsonFile(fixture.PathOf("program/appsettings.json")).AddEnvironmentVariables("NOBODY_SETS_THIS_").AddCommandLine(["--D=argument"]);

        SharedSettings.AddTo(manager.Sources, Places(fixture));

        var configuration = manager.Build();
        Assert.Equal(["own", "system", "variable", "argument", "user"], "ABCDE".Select(key => configuration[$"{key}"]!));
    }

    [Fact]
    public void Every_file_that_cannot_be_used_is_named()
    {
        using var fixture = new SettingsFixture().System("{").User("[]");

        var exception = Assert.Throws<InvalidOperationException>(() => SharedSettings.AddTo(new ConfigurationBuilder().Sources, Places(fixture)));

        Assert.Equal(["etc/a.json", "home/gpuplatform/a.json"], fixture.Short(exception.Message).Split('\n').Select(line => line.Split(' ')[0]));
    }

    private static SettingsPlaces Places(SettingsFixture fixture) => new(fixture.PathOf("program"), fixture.Variables, []);
}
