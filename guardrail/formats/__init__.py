"""Readers: text to documents with positions, documents to resources. They know nothing of judgement."""
