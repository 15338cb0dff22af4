# The same words as `python3 dev.py`, for fingers that type make.
.PHONY: up kassa test check fix bench migration lock
up kassa test check fix bench migration lock:
	python3 dev.py $@ $(ARGS)
