using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>
/// One YAML document as nodes that know their line. What can make a small file large or act on its own is refused: anchors, aliases, tags,
/// several documents, deep nesting.
/// </summary>
internal static class YamlText
{
    private const int Deepest = 24;

    /// <summary>Null when it is empty or has problems.</summary>
    public static Node? Read(string text, Problems problems)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return null;
            parser.Consume<DocumentStart>();
            var root = Read(parser, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
                throw new YamlException(parser.Current!.Start, parser.Current.End, "a second document; accepted is one");
            return root;
        }
        catch (YamlException e)
        {
            problems.Add((int)e.Start.Line, "", $"this is not YAML as it is accepted here: {e.Message}");
            return null;
        }
    }

    private static Node Read(Parser parser, int depth)
    {
        var at = parser.Current!;
        var line = (int)at.Start.Line;
        if (depth > Deepest)
            throw Refused(at, $"nested deeper than {Deepest} levels");
        if (at is AnchorAlias || at is NodeEvent { Anchor.IsEmpty: false })
            throw Refused(at, "anchors and aliases are not accepted");
        if (at is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            throw Refused(at, "tags are not accepted");
        parser.MoveNext();
        switch (at)
        {
            case Scalar scalar:
                return new ScalarNode(line, scalar.Value, scalar.Style != ScalarStyle.Plain);
            case SequenceStart:
                var items = new List<Node>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                    items.Add(Read(parser, depth + 1));
                return new ListNode(line, items);
            case MappingStart:
                return new MapNode(line, Entries(parser, depth));
            default:
                throw Refused(at, "unexpected");
        }
    }

    private static List<MapEntry> Entries(Parser parser, int depth)
    {
        var entries = new List<MapEntry>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Current!;
            if (Read(parser, depth + 1) is not ScalarNode name)
                throw Refused(key, "a key must be a word");
            if (!known.Add(name.Text))
                throw Refused(key, $"'{name.Text}' is given twice");
            entries.Add(new MapEntry(name.Text, name.Line, Read(parser, depth + 1)));
        }
        return entries;
    }

    private static YamlException Refused(ParsingEvent at, string says) => new(at.Start, at.End, says);
}
