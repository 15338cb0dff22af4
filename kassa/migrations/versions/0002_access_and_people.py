"""Who is calling (access), what was changed (audit), and people with e-mail, second factor and invitations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kassa.kit.migrate import run_script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_access_key_key_hash")),
    )
    op.create_index("ix_access_key_subject_id", "access_key", ["subject_id", "created_at"], unique=False)
    op.create_table(
        "access_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_member")),
        sa.UniqueConstraint("organization_id", "account_id", name=op.f("uq_access_member_organization_id_account_id")),
    )
    op.create_index(op.f("ix_access_member_account_id"), "access_member", ["account_id"], unique=False)
    op.create_table(
        "access_role",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_access_role")),
    )
    op.create_table(
        "access_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("refresh_hash", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_session")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_access_session_refresh_hash")),
    )
    op.create_index(op.f("ix_access_session_previous_hash"), "access_session", ["previous_hash"], unique=False)
    op.create_index(op.f("ix_access_session_subject_id"), "access_session", ["subject_id"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_label", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(
        "ix_audit_entry_organization_id", "audit_entry", ["organization_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_audit_entry_subject", "audit_entry", ["organization_id", "subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "identity_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_proof")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_identity_proof_token_hash")),
    )
    op.create_index(op.f("ix_identity_proof_subject_id"), "identity_proof", ["subject_id"], unique=False)
    op.create_table(
        "identity_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["identity_organization.id"], name=op.f("fk_identity_invitation_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_identity_invitation_token_hash")),
    )
    op.create_index(
        op.f("ix_identity_invitation_organization_id"), "identity_invitation", ["organization_id"], unique=False
    )
    op.execute("""
        insert into access_member (id, organization_id, account_id, role, label, disabled_at, created_at)
        select id, organization_id, id, role, email, disabled_at, created_at from identity_staff
    """)
    op.execute("""
        insert into access_session (id, organization_id, subject_kind, subject_id, refresh_hash, previous_hash, ip,
                                    user_agent, expires_at, revoked_at, created_at, used_at)
        select id, organization_id, subject_kind, subject_id, refresh_hash, previous_hash, '', '', expires_at,
               revoked_at, created_at, used_at
        from identity_session
    """)
    op.drop_index(op.f("ix_identity_session_previous_hash"), table_name="identity_session")
    op.drop_index(op.f("ix_identity_session_subject_id"), table_name="identity_session")
    op.drop_table("identity_session")
    op.add_column("identity_customer", sa.Column("email", sa.Text(), nullable=True))
    op.add_column("identity_customer", sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("identity_customer", sa.Column("password_hash", sa.Text(), nullable=True))
    op.add_column(
        "identity_customer", sa.Column("failed_logins", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("identity_customer", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("identity_customer", sa.Column("photo_url", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column(
        "identity_customer", sa.Column("is_guest", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("identity_customer", sa.Column("level", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("identity_customer", sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("identity_customer", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("identity_customer", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("identity_customer", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_identity_customer_created", "identity_customer", ["organization_id", "created_at", "id"], unique=False
    )
    op.create_unique_constraint(
        op.f("uq_identity_customer_organization_id_email"), "identity_customer", ["organization_id", "email"]
    )
    op.add_column(
        "identity_organization",
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("identity_staff", sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("identity_staff", sa.Column("locale", sa.Text(), nullable=True))
    op.add_column("identity_staff", sa.Column("totp_encrypted", sa.Text(), nullable=True))
    op.add_column("identity_staff", sa.Column("totp_enabled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "identity_staff", sa.Column("totp_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "identity_staff",
        sa.Column(
            "recovery_hashes", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
    )
    op.add_column("identity_staff", sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("fk_identity_staff_organization_id"), "identity_staff", type_="foreignkey")
    op.drop_column("identity_staff", "role")
    op.drop_column("identity_staff", "disabled_at")
    op.drop_column("identity_staff", "organization_id")
    for script in ("access.sql", "audit.sql"):
        run_script(op.get_bind(), script)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
