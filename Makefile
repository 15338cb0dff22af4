# The same words as `python3 dev.py`, for fingers that type make.
.PHONY: up kassa test check fix bench migration lock docs
up kassa test check fix bench migration lock docs:
	python3 dev.py $@ $(ARGS)
