.PHONY: help demo serve setup test lint bench kill-test

help:
	@python3 run.py

demo serve setup test lint bench kill-test:
	@python3 run.py $@ $(ARGS)
