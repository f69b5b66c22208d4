namespace GpuPlatform.Tests.Architecture;

public sealed class ReferenceTests
{
    private const string Contracts = "GpuPlatform.Contracts";
    private const string Defaults = "GpuPlatform.ServiceDefaults";
    private const string Collector = "GpuPlatform.Collector";
    private const string Classifier = "GpuPlatform.Classifier";
    private const string History = "GpuPlatform.History";
    private const string Web = "GpuPlatform.Web";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Contracts] = [],
        [Defaults] = [],
        ["GpuPlatform.LocalHosting"] = [],
        [Collector] = [Contracts, Defaults],
        [Classifier] = [Contracts, Defaults],
        [History] = [Contracts, Defaults],
        [Web] = [Contracts, Defaults],
        ["GpuPlatform.AppHost"] = [Collector, Classifier, History, Web, "GpuPlatform.LocalHosting"],
    };

    private static readonly string[] DatabasePackages = ["Npgsql", "Microsoft.EntityFrameworkCore", "Dapper", "Microsoft.Data", "StackExchange.Redis"];

    [Fact]
    public void Every_project_of_the_product_is_known_to_these_rules()
    {
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Repository.Projects.Where(project => !project.IsTest).Select(project => project.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Projects_reference_only_what_they_may()
    {
        var wrong = Repository.Projects.Where(project => !project.IsTest)
            .SelectMany(project => project.ProjectReferences.Except(Allowed[project.Name]).Select(reference => $"{project.Name} -> {reference}"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Nothing_references_the_tests()
    {
        var tests = Repository.Projects.Where(project => project.IsTest).Select(project => project.Name).ToHashSet();

        Assert.NotEmpty(tests);
        Assert.DoesNotContain(Repository.Projects, project => project.ProjectReferences.Any(tests.Contains));
    }

    [Fact]
    public void Database_packages_stay_in_the_history()
    {
        var users = Repository.Projects.Where(project => !project.IsTest && project.PackageReferences.Any(IsDatabase)).Select(project => project.Name);

        Assert.Equal([History], users);
    }

    [Fact]
    public void The_collector_is_free_of_the_bus_library()
    {
        var collector = Repository.Projects.Single(project => project.Name == Collector);

        Assert.DoesNotContain(collector.PackageReferences, package => package.StartsWith("MassTransit", StringComparison.Ordinal));
        Assert.DoesNotContain(collector.SourceFiles("*.cs"), path => Repository.Read(path).Contains("using MassTransit", StringComparison.Ordinal));
    }

    [Fact]
    public void Contracts_need_no_package()
    {
        Assert.Empty(Repository.Projects.Single(project => project.Name == Contracts).PackageReferences);
    }

    [Fact]
    public void Package_versions_stand_in_one_file()
    {
        var versioned = Repository.Projects.SelectMany(project => project.Elements("PackageReference")
            .Where(element => element.Attribute("Version") is not null || element.Attribute("VersionOverride") is not null)
            .Select(element => $"{project.Name}: {element}"));

        Assert.Empty(versioned);
    }

    [Fact]
    public void The_repository_chooses_no_package_source()
    {
        Assert.DoesNotContain(Repository.Files("*.config"), path => Path.GetFileName(path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsDatabase(string package) => DatabasePackages.Any(prefix => package.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
