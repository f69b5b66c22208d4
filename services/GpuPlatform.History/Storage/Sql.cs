using Npgsql;
using NpgsqlTypes;

namespace GpuPlatform.History.Storage;

/// <summary>Positional parameters whose type is known even when the value is null.</summary>
internal static class Sql
{
    public static void Add(NpgsqlBatch batch, string statement, params ReadOnlySpan<Value> values)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value.Boxed ?? DBNull.Value, NpgsqlDbType = value.Type });
        batch.BatchCommands.Add(command);
    }

    /// <summary>A value with its PostgreSQL type.</summary>
    internal readonly record struct Value(object? Boxed, NpgsqlDbType Type)
    {
        /// <summary>A JSON text.</summary>
        public static Value Json(string? text) => new(text, NpgsqlDbType.Jsonb);

        public static implicit operator Value(string? text) => new(text, NpgsqlDbType.Text);
        public static implicit operator Value(string[]? texts) => new(texts, NpgsqlDbType.Array | NpgsqlDbType.Text);
        public static implicit operator Value(DateTime instant) => new(instant, NpgsqlDbType.TimestampTz);
        public static implicit operator Value(DateTime? instant) => new(instant, NpgsqlDbType.TimestampTz);
        public static implicit operator Value(double? number) => new(number, NpgsqlDbType.Double);
        public static implicit operator Value(long? number) => new(number, NpgsqlDbType.Bigint);
        public static implicit operator Value(int? number) => new(number, NpgsqlDbType.Integer);
        public static implicit operator Value(long number) => new(number, NpgsqlDbType.Bigint);
        public static implicit operator Value(int number) => new(number, NpgsqlDbType.Integer);
        public static implicit operator Value(bool? flag) => new(flag, NpgsqlDbType.Boolean);
        public static implicit operator Value(double number) => new(number, NpgsqlDbType.Double);
        public static implicit operator Value(float number) => new(number, NpgsqlDbType.Real);
        public static implicit operator Value(float? number) => new(number, NpgsqlDbType.Real);
        public static implicit operator Value(Guid id) => new(id, NpgsqlDbType.Uuid);
        public static implicit operator Value(Guid? id) => new(id, NpgsqlDbType.Uuid);
        public static implicit operator Value(TimeSpan span) => new(span, NpgsqlDbType.Interval);
    }
}
