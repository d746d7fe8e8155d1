"""settings."""

import sqlalchemy as sa
from alembic import op

from server.area.codes import county_of  # facts; who has merged away since then gets no county

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_GROUNDS = (
    (
        "income_support",
        "Perustoimeentulotuki",
        "Grundläggande utkomststöd",
        "Basic social assistance",
        "Toimeentulotuki Kelasta",
    ),
    (
        "unemployment_benefit",
        "Työttömyysetuus (yleistuki tai ansiopäiväraha)",
        "Arbetslöshetsförmån (allmänt stöd eller inkomstrelaterad dagpenning)",
        "Unemployment benefit (general support or earnings-related)",
        "Työttömän tuki tai päiväraha",
    ),
    (
        "small_pension",
        "Kansaneläke tai takuueläke",
        "Folkpension eller garantipension",
        "National or guarantee pension",
        "Pieni eläke: kansaneläke tai takuueläke",
    ),
    (
        "sickness_benefit",
        "Sairauspäiväraha tai kuntoutusetuus",
        "Sjukdagpenning eller rehabiliteringsförmån",
        "Sickness or rehabilitation benefit",
        "Raha sairauden tai kuntoutuksen ajalta",
    ),
    (
        "student_benefit",
        "Opintoetuudet",
        "Studieförmåner",
        "Student benefits",
        "Opiskelijan tuki",
    ),
    (
        "parental_benefit",
        "Vanhempainraha tai kotihoidon tuki",
        "Föräldrapenning eller hemvårdsstöd",
        "Parental or home care allowance",
        "Raha pienen lapsen hoidosta kotona",
    ),
    (
        "reception_allowance",
        "Vastaanottoraha",
        "Mottagningspenning",
        "Reception allowance",
        "Turvapaikanhakijan raha",
    ),
    (
        "debts",
        "Velkajärjestely tai ulosotto",
        "Skuldsanering eller utsökning",
        "Debt adjustment or enforcement",
        "Velkoja, joita järjestellään tai peritään",
    ),
    (
        "other_tight",
        "Muu taloudellisesti tiukka tilanne",
        "Annan ekonomiskt trängd situation",
        "Another tight financial situation",
        "Muu syy: rahaa on liian vähän",
    ),
)


def upgrade() -> None:
    """Keep the list of grounds, what country and areas settle, and how settings changed."""
    ground = op.create_table(
        "ground",
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("words_fi", sa.String(length=120), nullable=False),
        sa.Column("words_sv", sa.String(length=120), nullable=False),
        sa.Column("words_en", sa.String(length=120), nullable=False),
        sa.Column("words_selko", sa.String(length=120), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ground")),
    )
    names = ("code", "words_fi", "words_sv", "words_en", "words_selko")
    op.bulk_insert(
        ground,
        [
            dict(zip(names, row, strict=True)) | {"place": place}
            for place, row in enumerate(_GROUNDS)
        ],
    )
    national = op.create_table(
        "national_setting",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_national_setting")),
    )
    op.bulk_insert(national, [{"key": "children_age", "value": 18}])
    op.add_column("audit_entry", sa.Column("detail", sa.String(length=1200), nullable=True))
    op.create_index(op.f("ix_audit_entry_subject_id_id"), "audit_entry", ["subject_id", "id"])
    op.add_column("area", sa.Column("county_code", sa.String(length=2), nullable=True))
    op.add_column("area", sa.Column("children_age", sa.SmallInteger(), nullable=True))
    op.add_column(
        "area", sa.Column("local_only_since_at", sa.DateTime(timezone=True), nullable=True)
    )
    _tell_counties()


def _tell_counties() -> None:
    area = sa.table("area", sa.column("municipality_code"), sa.column("county_code"))
    connection = op.get_bind()
    for code in connection.scalars(sa.select(area.c.municipality_code)).all():
        of_it = area.c.municipality_code == code
        connection.execute(sa.update(area).where(of_it).values(county_code=county_of(code)))


def downgrade() -> None:
    """Take it back."""
    for column in ("local_only_since_at", "children_age", "county_code"):
        op.drop_column("area", column)
    op.drop_index(op.f("ix_audit_entry_subject_id_id"), table_name="audit_entry")
    op.drop_column("audit_entry", "detail")
    op.drop_table("national_setting")
    op.drop_table("ground")
