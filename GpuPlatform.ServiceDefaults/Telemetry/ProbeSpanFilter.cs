using System.Diagnostics;
using OpenTelemetry;

namespace GpuPlatform.ServiceDefaults.Telemetry;

/// <summary>Keeps requests of probes and scrapers, and all that happened inside them, out of the exported traces.</summary>
internal sealed class ProbeSpanFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        for (var span = data; span is not null; span = span.Parent)
        {
            if (span.Kind == ActivityKind.Server && DefaultRoutes.IsProbe(span.GetTagItem("url.path") as string))
            {
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
                return;
            }
        }
    }
}
