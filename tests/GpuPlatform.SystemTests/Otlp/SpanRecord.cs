namespace GpuPlatform.SystemTests.Otlp;

/// <summary>The fields of an exported span that the tests look at; ids are lower-case hex.</summary>
internal sealed record SpanRecord(string Service, string Scope, string TraceId, string SpanId, string ParentSpanId, string Name);
