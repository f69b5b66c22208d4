using System.Text.RegularExpressions;

namespace GpuPlatform.Tests.Architecture;

public sealed partial class SourceTests
{
    [Fact]
    public void Native_imports_and_unsafe_code_stay_in_the_collector()
    {
        var others = Repository.Projects.Where(project => !project.IsTest && project.Name != "GpuPlatform.Collector").ToList();

        Assert.DoesNotContain(others, project => project.Elements("AllowUnsafeBlocks").Any());
        Assert.DoesNotContain(others.SelectMany(project => project.SourceFiles("*.cs")), path => NativeImport().IsMatch(Repository.Read(path)));
    }

    [Fact]
    public void JavaScript_is_called_in_the_web_project_alone()
    {
        var others = Repository.Projects.Where(project => !project.IsTest && project.Name != "GpuPlatform.Web");

        Assert.DoesNotContain(others.SelectMany(project => project.SourceFiles("*.cs", "*.razor")), path => JavaScript().IsMatch(Repository.Read(path)));
    }

    [Fact]
    public void The_system_fits_on_one_screen()
    {
        Assert.InRange(Repository.LineCount("GpuPlatform.AppHost/AppHost.cs"), 1, 60);
    }

    [Fact]
    public void Programs_are_short()
    {
        var programs = Repository.Projects.Where(project => !project.IsTest).SelectMany(project => project.SourceFiles("Program.cs")).ToList();

        Assert.NotEmpty(programs);
        Assert.DoesNotContain(programs, path => Repository.LineCount(path) > 40);
    }

    [Fact]
    public void No_file_written_by_hand_is_longer_than_300_lines()
    {
        var sources = Repository.Files("*.cs").Where(path => !path.Contains("/Migrations/", StringComparison.Ordinal));

        Assert.DoesNotContain(sources, path => Repository.LineCount(path) > 300);
    }

    [GeneratedRegex(@"\b(LibraryImport|DllImport)(Attribute)?\s*\(|\bunsafe\b\s+(static|class|struct|void|partial|\{)")]
    private static partial Regex NativeImport();

    [GeneratedRegex(@"\b(IJSRuntime|IJSObjectReference|JSImport|JSInvokable)\b")]
    private static partial Regex JavaScript();
}
