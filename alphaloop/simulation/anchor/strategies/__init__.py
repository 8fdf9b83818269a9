"""The paper's two quoters as strategy files: read as text and judged as any other, never imported."""
