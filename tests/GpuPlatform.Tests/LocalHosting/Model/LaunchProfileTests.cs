using GpuPlatform.LocalHosting;

namespace GpuPlatform.Tests.LocalHosting.Model;

public sealed class LaunchProfileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("launch-profile-").FullName;

    private string Project => Path.Combine(_folder, "Some.csproj");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_profile_that_runs_the_project_is_taken()
    {
        Write("""{ "profiles": { "iis": { "commandName": "IISExpress" }, /* why not */ "http": { "commandName": "Project" }, "other": { "commandName": "Project" }, } }""");
        Assert.Equal("http", LaunchProfile.Choose(Project, null, null)!.Name);
    }

    [Fact]
    public void The_apphosts_own_profile_name_is_preferred_when_the_project_has_it()
    {
        Write("""{ "profiles": { "http": { "commandName": "Project" }, "https": { "commandName": "Project" } } }""");
        Assert.Equal("https", LaunchProfile.Choose(Project, null, "https")!.Name);
        Assert.Equal("http", LaunchProfile.Choose(Project, null, "unknown")!.Name);
    }

    [Fact]
    public void A_named_profile_that_is_missing_is_an_error_that_names_the_others()
    {
        Write("""{ "profiles": { "http": { "commandName": "Project" } } }""");
        var problem = Assert.Throws<DistributedApplicationException>(() => LaunchProfile.Choose(Project, "nope", null));
        Assert.Contains("'nope'; it has: http", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_without_launch_settings_has_no_profile() => Assert.Null(LaunchProfile.Choose(Project, null, null));

    [Fact]
    public void Endpoints_are_named_by_scheme_and_numbered_from_the_second_on()
    {
        var profile = new LaunchProfile("x", "Project", "https://localhost:7001;http://localhost:5001; http://localhost:5002", new Dictionary<string, string>());
        Assert.Equal([("https", 7001), ("http", 5001), ("http2", 5002)], profile.Endpoints().Select(endpoint => (endpoint.Name, endpoint.Port)));
    }

    [Fact]
    public void A_broken_file_is_named_in_the_error()
    {
        Write("{ oops");
        Assert.Contains("launchSettings.json", Assert.Throws<DistributedApplicationException>(() => LaunchProfile.Choose(Project, null, null)).Message, StringComparison.Ordinal);
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "Properties"));
        File.WriteAllText(Path.Combine(_folder, "Properties", "launchSettings.json"), text);
    }
}
