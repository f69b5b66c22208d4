using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace GpuPlatform.History.Storage.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(HistoryContext))]
    [Migration("20261121052000_ProcessLists")]
    public partial class ProcessLists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "ix_gpu_process_open", table: "gpu_process");
            migrationBuilder.CreateIndex(name: "ix_gpu_process_ended_at_node_id", table: "gpu_process", columns: new[] { "ended_at", "node_id" });
            migrationBuilder.AddColumn<bool>(name: "lists_processes", table: "gpu_sample", type: "boolean", nullable: false, defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "lists_processes", table: "gpu_sample");
            migrationBuilder.DropIndex(name: "ix_gpu_process_ended_at_node_id", table: "gpu_process");
            migrationBuilder.CreateIndex(name: "ix_gpu_process_open", table: "gpu_process", column: "node_id", filter: "ended_at IS NULL");
        }
    }
}
