using System.Text;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>Compares what came of two runs, and tells every difference in full.</summary>
internal static class Same
{
    public static void Assert(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (wanted, got) = (expected.ToList(), actual.ToList());
        var differences = new StringBuilder();
        foreach (var (one, other) in wanted.Zip(got).Where(pair => pair.First != pair.Second)) differences.Append(one).Append("\n  is now\n").Append(other).Append('\n');
        Xunit.Assert.True(differences.Length == 0, differences.ToString());
        Xunit.Assert.Equal(wanted.Count, got.Count);
    }
}
