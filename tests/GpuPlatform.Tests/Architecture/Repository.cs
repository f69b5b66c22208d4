using System.Reflection;
using System.Xml.Linq;

namespace GpuPlatform.Tests.Architecture;

/// <summary>The sources as they lie on the disk, without what builds and package managers put there.</summary>
internal static class Repository
{
    private static readonly string[] Foreign = ["artifacts", "bin", "obj", "node_modules", ".git", "TestResults"];

    public static string Root { get; } = Path.GetFullPath(typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!);

    public static IReadOnlyList<string> Files(string pattern) =>
        [.. Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(Foreign.Contains))
            .Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static int LineCount(string path) => File.ReadLines(Path.Combine(Root, path)).Count();

    public static IReadOnlyList<Project> Projects { get; } = [.. Files("*.csproj").Select(Project.Load)];
}

/// <summary>A project file, with the imported ones that belong to it.</summary>
internal sealed record Project(string Name, string Folder, XDocument Xml)
{
    public static Project Load(string path) =>
        new(Path.GetFileNameWithoutExtension(path), Path.GetDirectoryName(path)!.Replace('\\', '/'), XDocument.Parse(Repository.Read(path)));

    public bool IsTest => Folder.StartsWith("tests/", StringComparison.Ordinal);

    public IReadOnlyList<string> ProjectReferences => [.. Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))];

    public IReadOnlyList<string> PackageReferences => [.. Includes("PackageReference")];

    public IEnumerable<string> SourceFiles(params string[] patterns) =>
        patterns.SelectMany(Repository.Files).Where(path => path.StartsWith(Folder + "/", StringComparison.Ordinal));

    public IEnumerable<XElement> Elements(string name) => Xml.Descendants().Where(element => element.Name.LocalName == name);

    private IEnumerable<string> Includes(string item) => Elements(item).SelectMany(element => (element.Attribute("Include")?.Value ?? "").Split(';'));
}
