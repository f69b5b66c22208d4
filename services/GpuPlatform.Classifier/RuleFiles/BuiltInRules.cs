using GpuPlatform.Classifier.Rules;
using GpuPlatform.Classifier.Rules.Reading;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>
/// The rules that come with the product, in files beside the program that are asked in the order of their names. What names itself surely
/// comes first; helpers and tools come before games because Steam starts them from the same folders and control groups; what only the
/// surroundings tell comes last.
/// </summary>
internal static class BuiltInRules
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Rules", "BuiltIn");

    // They change with the program alone, and their patterns are dear to build
    private static readonly Lazy<IReadOnlyList<RuleFile>> Files = new(ReadFolder);

    public static RuleSet Create() => SetOf(Read());

    public static RuleSet SetOf(IReadOnlyList<RuleFile> files) => new([.. files.SelectMany(file => file.Rules)]);

    /// <exception cref="InvalidOperationException">A file is missing or wrong: the program is damaged.</exception>
    public static IReadOnlyList<RuleFile> Read() => Files.Value;

    private static List<RuleFile> ReadFolder()
    {
        var files = Directory.Exists(Folder)
            ? Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).Select(path => RuleFileReader.Read(Path.GetFileName(path), File.ReadAllText(path))).ToList()
            : [];
        var problems = files.SelectMany(file => file.Problems.Select(problem => problem.In(file.Name))).ToList();
        if (files.Count == 0)
            problems.Add($"{Folder} holds no rules");
        return problems.Count == 0 ? files : throw new InvalidOperationException(string.Join('\n', problems));
    }
}
