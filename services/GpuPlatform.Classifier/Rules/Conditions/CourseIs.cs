namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>The process used the GPU in one of these ways over the last minutes.</summary>
internal sealed class CourseIs(IReadOnlyList<Course> accepted) : Condition
{
    private readonly Course[] _accepted = [.. accepted];

    public override bool Holds(ProcessEvidence process) => process.Course is not null && Array.Exists(_accepted, course => Courses.Is(process.Course, course));

    public override string Words(ProcessEvidence process) => Courses.Words(Array.Find(_accepted, course => Courses.Is(process.Course, course)));
}
