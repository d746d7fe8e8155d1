"""The national list of grounds on which a card is granted."""

from datetime import datetime

from sqlalchemy import SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.texts import Language

WORDS_MOST = 120


class Ground(Base):
    """One of the grounds. Its code stands on cards, so it never changes and never goes away."""

    __tablename__ = "ground"

    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger)
    """Where it stands in the list, the smallest first."""
    words_fi: Mapped[str] = mapped_column(String(WORDS_MOST))
    words_sv: Mapped[str] = mapped_column(String(WORDS_MOST))
    words_en: Mapped[str] = mapped_column(String(WORDS_MOST))
    words_selko: Mapped[str] = mapped_column(String(WORDS_MOST))
    closed_at: Mapped[datetime | None]
    """Since then no card is granted on it; cards that were stay counted by it."""

    def words(self, language: str) -> str:
        """Say it in *language*."""
        return {
            Language.FINNISH: self.words_fi,
            Language.SWEDISH: self.words_sv,
            Language.ENGLISH: self.words_en,
            Language.PLAIN: self.words_selko,
        }[Language(language)]
