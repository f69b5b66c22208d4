using GpuPlatform.ServiceDefaults.Prometheus;

namespace GpuPlatform.Tests.ServiceDefaults.Prometheus;

public sealed class LabelTextTests
{
    [Fact]
    public void Values_are_escaped()
    {
        Assert.Equal("""path="C:\\dir\n\"x\"" """.TrimEnd(), Text(new KeyValuePair<string, object?>("path", "C:\\dir\n\"x\"")));
    }

    [Fact]
    public void The_order_of_the_tags_does_not_show()
    {
        Assert.Equal(Text(new("a", 1), new("b", true)), Text(new("b", true), new("a", 1)));
        Assert.Equal("""a="1",b="true" """.TrimEnd(), Text(new("a", 1), new("b", true)));
    }

    [Fact]
    public void Keys_that_become_one_name_share_it()
    {
        Assert.Equal("""gpu_id="first;second" """.TrimEnd(), Text(new("gpu_id", "second"), new("gpu.id", "first")));
    }

    [Fact]
    public void A_missing_value_is_no_label()
    {
        Assert.Equal("", Text(new("a", null), new("b", "")));
    }

    [Fact]
    public void A_tag_cannot_pose_as_the_bound_of_a_bucket()
    {
        Assert.Equal("""exported_le="1",exported_quantile="2" """.TrimEnd(), Text(new("le", 1), new("quantile", 2)));
    }

    [Fact]
    public void Sets_of_tags_are_equal_in_any_order_but_not_otherwise()
    {
        var comparer = TagSetComparer.Instance;
        KeyValuePair<string, object?>[] tags = [new("a", 1), new("b", "x"), new("c", null)];
        KeyValuePair<string, object?>[] shuffled = [new("c", null), new("a", 1), new("b", "x")];
        KeyValuePair<string, object?>[] other = [new("a", 1), new("b", "y"), new("c", null)];

        Assert.Equal(comparer.GetHashCode(tags.AsSpan()), comparer.GetHashCode(shuffled.AsSpan()));
        Assert.True(comparer.Equals(shuffled.AsSpan(), new TagSet(tags)));
        Assert.False(comparer.Equals(other.AsSpan(), new TagSet(tags)));
        Assert.False(comparer.Equals(tags.AsSpan(0, 2), new TagSet(tags)));
        Assert.False(comparer.Equals([new("a", 1), new("a", 1), new("b", 2)], new TagSet([new("a", 1), new("b", 2), new("b", 2)])));
    }

    private static string Text(params KeyValuePair<string, object?>[] tags) => LabelText.Of(tags, null);
}
