namespace GpuPlatform.Web.Feed;

/// <summary>Why History could not be asked, in words.</summary>
internal static class HistoryProblem
{
    public static string Of(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: { } status } => $"History answered {(int)status}",
        HttpRequestException => "no connection to History",
        OperationCanceledException => "History did not answer in time",
        _ => exception.Message,
    };
}
