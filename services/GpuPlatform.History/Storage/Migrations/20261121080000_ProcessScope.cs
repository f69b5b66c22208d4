using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace GpuPlatform.History.Storage.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(HistoryContext))]
    [Migration("20261121080000_ProcessScope")]
    public partial class ProcessScope : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "runtime", table: "gpu_process", type: "character varying(32)", maxLength: 32, nullable: true);
            migrationBuilder.AddColumn<string>(name: "container_id", table: "gpu_process", type: "character varying(4096)", maxLength: 4096, nullable: true);
            migrationBuilder.AddColumn<string>(name: "pod_uid", table: "gpu_process", type: "character varying(64)", maxLength: 64, nullable: true);
            migrationBuilder.AddColumn<string>(name: "unit", table: "gpu_process", type: "character varying(4096)", maxLength: 4096, nullable: true);
            migrationBuilder.AddColumn<string>(name: "application_id", table: "gpu_process", type: "character varying(4096)", maxLength: 4096, nullable: true);
            migrationBuilder.AddColumn<string>(name: "environment", table: "gpu_process", type: "jsonb", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var column in new[] { "runtime", "container_id", "pod_uid", "unit", "application_id", "environment" })
                migrationBuilder.DropColumn(name: column, table: "gpu_process");
        }
    }
}
