using Google.Protobuf;

namespace GpuPlatform.SystemTests.Otlp;

/// <summary>Reads the few fields the tests need out of an ExportTraceServiceRequest (opentelemetry/proto/trace/v1/trace.proto).</summary>
internal static class OtlpTraceParser
{
    public static List<SpanRecord> Parse(CodedInputStream request)
    {
        var spans = new List<SpanRecord>();
        Read(request, 1, resourceSpans => ReadResourceSpans(resourceSpans, spans));
        return spans;
    }

    static void ReadResourceSpans(CodedInputStream input, List<SpanRecord> spans)
    {
        var service = "";
        // Field order is not promised: scope_spans are kept until the resource has been read.
        var scopes = new List<byte[]>();
        ReadFields(input, (field, value) =>
        {
            if (field == 1)
            {
                Read(new CodedInputStream(value), 1, attribute => service = ReadServiceName(attribute) ?? service);
            }
            else if (field == 2)
            {
                scopes.Add(value);
            }
        });
        foreach (var scope in scopes)
        {
            ReadScopeSpans(new CodedInputStream(scope), service, spans);
        }
    }

    static string? ReadServiceName(CodedInputStream attribute)
    {
        string? key = null, text = null;
        ReadFields(attribute, (field, value) =>
        {
            if (field == 1)
            {
                key = System.Text.Encoding.UTF8.GetString(value);
            }
            else
            {
                ReadFields(new CodedInputStream(value), (kind, content) => text = kind == 1 ? System.Text.Encoding.UTF8.GetString(content) : text);
            }
        });
        return key == "service.name" ? text : null;
    }

    static void ReadScopeSpans(CodedInputStream input, string service, List<SpanRecord> spans)
    {
        var scope = "";
        var raw = new List<byte[]>();
        ReadFields(input, (field, value) =>
        {
            if (field == 1)
            {
                ReadFields(new CodedInputStream(value), (kind, content) => scope = kind == 1 ? System.Text.Encoding.UTF8.GetString(content) : scope);
            }
            else if (field == 2)
            {
                raw.Add(value);
            }
        });
        spans.AddRange(raw.Select(span => ReadSpan(new CodedInputStream(span), service, scope)));
    }

    static SpanRecord ReadSpan(CodedInputStream input, string service, string scope)
    {
        string trace = "", id = "", parent = "", name = "";
        ReadFields(input, (field, value) =>
        {
            switch (field)
            {
                case 1: trace = Convert.ToHexStringLower(value); break;
                case 2: id = Convert.ToHexStringLower(value); break;
                case 4: parent = Convert.ToHexStringLower(value); break;
                case 5: name = System.Text.Encoding.UTF8.GetString(value); break;
            }
        });
        return new SpanRecord(service, scope, trace, id, parent, name);
    }

    static void Read(CodedInputStream input, int wanted, Action<CodedInputStream> take) =>
        ReadFields(input, (field, value) =>
        {
            if (field == wanted)
            {
                take(new CodedInputStream(value));
            }
        });

    /// <summary>Calls back for every length-delimited field and skips all others.</summary>
    static void ReadFields(CodedInputStream input, Action<int, byte[]> take)
    {
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                take(WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }
    }
}
