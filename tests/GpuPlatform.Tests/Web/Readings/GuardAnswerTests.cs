using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class GuardAnswerTests
{
    [Theory]
    [InlineData(GuardState.Draining, "No new request begins; those under way may end.")]
    [InlineData(GuardState.Evicting, "The models are leaving.")]
    [InlineData(GuardState.Yielded, "It is yours.")]
    [InlineData(GuardState.Serving, "It is noted.")]
    public void Whoever_wants_a_gpu_hears_how_far_it_is(GuardState state, string words) =>
        Assert.Equal(words, GuardAnswer.Of(yields: true, "gpu-a", Report(Gpu("GPU-a", state), Gpu("GPU-b", GuardState.Draining))));

    [Fact]
    public void Of_all_gpus_the_one_that_is_farthest_from_it_decides()
    {
        Assert.Equal("The models are leaving.", GuardAnswer.Of(yields: true, null, Report(Gpu("GPU-a", GuardState.Yielded), Gpu("GPU-b", GuardState.Evicting))));
        Assert.Equal("It is yours for that time.", GuardAnswer.Of(yields: true, null, Report(Gpu("GPU-a", GuardState.Yielded) with { ManualUntil = Noon })));
    }

    [Fact]
    public void Whoever_gives_it_back_hears_what_keeps_it()
    {
        Assert.Equal("The models may use it.", GuardAnswer.Of(yields: false, "GPU-a", Report(Gpu("GPU-a", GuardState.Warming))));
        Assert.Equal("GPU 0 is still yielded: The GPU is lost.",
            GuardAnswer.Of(yields: false, null, Report(Gpu("GPU-a", GuardState.Yielded) with { Reason = "the GPU is lost" })));
    }

    private static GuardReport Report(params GuardGpu[] gpus) => new() { NodeId = "desk", Enabled = true, Gpus = gpus, HeldCount = 0 };

    private static GuardGpu Gpu(string uuid, GuardState state) => new()
    {
        GpuUuid = uuid, GpuIndex = 0, State = state, Since = Noon, Throttle = ThrottleLevel.None, Reason = "r",
    };
}
