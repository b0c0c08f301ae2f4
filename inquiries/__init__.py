"""Inquiries (诉求): intake by channel, dispatch, signing, return, answer, refusal, merge; queries and import."""
